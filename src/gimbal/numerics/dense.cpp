// The kernels. All blocking below only decides when an element's terms are added, never in which order, which is why
// the tests can ask for the bits of the textbook loop.
#include "gimbal/numerics/dense.hpp"

#include <algorithm>
#include <cmath>

#include "gimbal/foundation/assert.hpp"
#include "gimbal/numerics/lanes.hpp"

namespace gimbal::numerics {
namespace {

constexpr std::size_t tile_width = 4;
// Terms added per visit of a block of elements: three tiles of 192 rows fill half of a first-level cache of 32 KB.
constexpr std::size_t terms_per_visit = 192;
// Columns finished together, so that the rows to their left are fetched once for all of them: 12 tiles of four.
constexpr std::size_t column_tiles_per_block = 12;

/// Adds `count` terms to Tiles blocks of 4 x 4 elements that share their columns: block t gets the outer products of
/// left[t] with right. Twelve accumulators of four lanes are what sixteen registers hold beside the operands.
template <std::size_t Tiles, bool Subtract>
inline void accumulate(const double* const* left, const double* right, std::size_t count, double* const* block) {
  Lanes4 sum[Tiles][tile_width];
  for (std::size_t t = 0; t < Tiles; ++t)
    for (std::size_t c = 0; c < tile_width; ++c) sum[t][c] = load<Lanes4>(block[t] + tile_width * c);
  for (std::size_t k = 0; k < count; ++k) {
    Lanes4 rows[Tiles];
    for (std::size_t t = 0; t < Tiles; ++t) rows[t] = load<Lanes4>(left[t] + tile_width * k);
    for (std::size_t c = 0; c < tile_width; ++c) {
      const Lanes4 factor = Lanes4(right[tile_width * k + c]);
      for (std::size_t t = 0; t < Tiles; ++t)
        sum[t][c] = Subtract ? fused_subtract(rows[t], factor, sum[t][c]) : fused_add(rows[t], factor, sum[t][c]);
    }
  }
  for (std::size_t t = 0; t < Tiles; ++t)
    for (std::size_t c = 0; c < tile_width; ++c) store(sum[t][c], block[t] + tile_width * c);
}

template <bool Subtract>
void accumulate_tiles(std::size_t tiles, const double* const* left, const double* right, std::size_t count,
                      double* const* block) {
  if (count == 0) return;
  if (tiles == 3) return accumulate<3, Subtract>(left, right, count, block);
  if (tiles == 2) return accumulate<2, Subtract>(left, right, count, block);
  accumulate<1, Subtract>(left, right, count, block);
}

/// Subtracts from rows `row_tile` ... of column tile `column_tile` the products over terms first ... last - 1, with the
/// sign of S.
void eliminate(TiledSymmetric& matrix, std::size_t positive_count, std::size_t row_tile, std::size_t tiles,
               std::size_t column_tile, std::size_t first, std::size_t last) {
  const double* left[3] = {};
  double* block[3] = {};
  for (std::size_t t = 0; t < tiles; ++t) {
    left[t] = matrix.tile(row_tile + t) + tile_width * first;
    block[t] = matrix.tile(row_tile + t) + tile_width * tile_width * column_tile;
  }
  const double* right = matrix.tile(column_tile) + tile_width * first;
  const std::size_t split = std::clamp(positive_count, first, last);
  accumulate_tiles<true>(tiles, left, right, split - first, block);
  for (std::size_t t = 0; t < tiles; ++t) left[t] += tile_width * (split - first);
  accumulate_tiles<false>(tiles, left, right + tile_width * (split - first), last - split, block);
}

/// The factor of a 4 x 4 diagonal block, whose rows stand at 4 column + row.
struct DiagonalTile {
  double sign[tile_width];
  double signed_reciprocal[tile_width];
  std::size_t replaced = 0;
};

DiagonalTile factorise_diagonal(double* block, std::size_t first_row, std::size_t size, std::size_t positive_count,
                                const PivotRule& rule) {
  DiagonalTile tile{};
  for (std::size_t c = 0; c < tile_width; ++c) {
    const bool padding = first_row + c >= size;
    tile.sign[c] = padding || first_row + c < positive_count ? 1.0 : -1.0;
    for (std::size_t p = 0; p < c; ++p)
      for (std::size_t r = c; r < tile_width; ++r)
        block[tile_width * c + r] =
            std::fma(-tile.sign[p] * block[tile_width * p + r], block[tile_width * p + c], block[tile_width * c + r]);
    double pivot = padding ? 1.0 : tile.sign[c] * block[tile_width * c + c];
    if (!(pivot > rule.floor)) {
      pivot = rule.replacement;
      ++tile.replaced;
    }
    const double root = std::sqrt(pivot);
    tile.signed_reciprocal[c] = tile.sign[c] / root;
    block[tile_width * c + c] = root;
    for (std::size_t r = c + 1; r < tile_width; ++r) block[tile_width * c + r] *= tile.signed_reciprocal[c];
  }
  return tile;
}

/// Solves L x = b in place.
void solve_forward(const TiledSymmetric& factor, std::span<double> x) {
  for (std::size_t i = 0; i < factor.tile_count(); ++i) {
    const std::size_t first = tile_width * i;
    const std::size_t width = std::min(tile_width, x.size() - first);
    const double* tile = factor.tile(i);
    double rows[tile_width] = {};
    std::copy_n(x.data() + first, width, rows);
    // Four interleaved sums, added in pairs: `first` is a multiple of four.
    Lanes4 rest[tile_width] = {load<Lanes4>(rows), Lanes4(0.0), Lanes4(0.0), Lanes4(0.0)};
    for (std::size_t k = 0; k < first; k += tile_width)
      for (std::size_t c = 0; c < tile_width; ++c)
        rest[c] = fused_subtract(load<Lanes4>(tile + tile_width * (k + c)), Lanes4(x[k + c]), rest[c]);
    store((rest[0] + rest[1]) + (rest[2] + rest[3]), rows);
    for (std::size_t c = 0; c < width; ++c) {
      const double* column = tile + tile_width * (first + c);
      rows[c] /= column[c];
      for (std::size_t r = c + 1; r < width; ++r) rows[r] = std::fma(-column[r], rows[c], rows[r]);
      x[first + c] = rows[c];
    }
  }
}

/// Solves L' x = b in place.
void solve_backward(const TiledSymmetric& factor, std::span<double> x) {
  for (std::size_t i = factor.tile_count(); i-- > 0;) {
    const std::size_t first = tile_width * i;
    const std::size_t width = std::min(tile_width, x.size() - first);
    const double* tile = factor.tile(i);
    double rows[tile_width] = {};
    for (std::size_t c = width; c-- > 0;) {
      const double* column = tile + tile_width * (first + c);
      double rest = x[first + c];
      for (std::size_t r = c + 1; r < width; ++r) rest = std::fma(-column[r], rows[r], rest);
      rows[c] = rest / column[c];
      x[first + c] = rows[c];
    }
    for (std::size_t k = 0; k < first; ++k) {
      const double* column = tile + tile_width * k;
      const double low = std::fma(column[1], rows[1], column[0] * rows[0]);
      const double high = std::fma(column[3], rows[3], column[2] * rows[2]);
      x[k] -= low + high;
    }
  }
}

/// Finishes four rows below a factorised diagonal block.
void finish_rows(const DiagonalTile& tile, const double* diagonal, double* block) {
  Lanes4 column[tile_width];
  for (std::size_t c = 0; c < tile_width; ++c) {
    column[c] = load<Lanes4>(block + tile_width * c);
    for (std::size_t p = 0; p < c; ++p) {
      const Lanes4 factor = Lanes4(diagonal[tile_width * p + c]);
      column[c] =
          tile.sign[p] > 0.0 ? fused_subtract(column[p], factor, column[c]) : fused_add(column[p], factor, column[c]);
    }
    column[c] = column[c] * Lanes4(tile.signed_reciprocal[c]);
    store(column[c], block + tile_width * c);
  }
}

}  // namespace

TiledColumns::TiledColumns(std::size_t rows, std::size_t columns)
    : rows_{rows}, columns_{columns}, elements_((columns + 3) / 4 * 4 * rows, 0.0) {}

TiledSymmetric::TiledSymmetric(std::size_t size)
    : size_{size}, elements_(8 * ((size + 3) / 4) * ((size + 3) / 4 + 1), 0.0) {}

void TiledSymmetric::set_zero() { std::fill(elements_.begin(), elements_.end(), 0.0); }

void TiledSymmetric::assign(const TiledSymmetric& other) {
  GIMBAL_ASSERT(other.size_ == size_);
  std::copy(other.elements_.begin(), other.elements_.end(), elements_.begin());
}

void add_weighted_gram(const TiledColumns& matrix, std::span<const double> weights, TiledColumns& scratch,
                       TiledSymmetric& sum) {
  const std::size_t terms = matrix.rows();
  const std::size_t tiles = matrix.tile_count();
  GIMBAL_ASSERT(weights.size() == terms && sum.size() == matrix.columns());
  GIMBAL_ASSERT(scratch.rows() == terms && scratch.columns() == matrix.columns());
  for (std::size_t j = 0; j < tiles; ++j)
    for (std::size_t k = 0; k < terms; ++k)
      store(Lanes4(weights[k]) * load<Lanes4>(matrix.tile(j) + tile_width * k), scratch.tile(j) + tile_width * k);
  for (std::size_t first = 0; first < terms; first += terms_per_visit) {
    const std::size_t count = std::min(terms_per_visit, terms - first);
    for (std::size_t i = 0; i < tiles; i += 3) {
      const std::size_t group = std::min<std::size_t>(3, tiles - i);
      const double* left[3] = {};
      for (std::size_t t = 0; t < group; ++t) left[t] = matrix.tile(i + t) + tile_width * first;
      for (std::size_t j = 0; j < i + group; ++j) {
        // Rows of the group above column tile j lie over the diagonal: they are left out.
        const std::size_t skipped = j > i ? j - i : 0;
        double* block[3] = {};
        for (std::size_t t = skipped; t < group; ++t)
          block[t - skipped] = sum.tile(i + t) + tile_width * tile_width * j;
        accumulate_tiles<false>(group - skipped, left + skipped, scratch.tile(j) + tile_width * first, count, block);
      }
    }
  }
}

void add_transposed_product(const TiledColumns& matrix, std::span<const double> x, double factor,
                            std::span<double> result) {
  GIMBAL_ASSERT(x.size() == matrix.rows() && result.size() == matrix.columns());
  // Four tiles at a time: one alone would wait for each of its sums.
  for (std::size_t first = 0; first < matrix.tile_count(); first += 4) {
    const std::size_t tiles = std::min<std::size_t>(4, matrix.tile_count() - first);
    const std::size_t width = std::min(tile_width * tiles, matrix.columns() - tile_width * first);
    double edge[4 * tile_width] = {};
    std::copy_n(result.data() + tile_width * first, width, edge);
    Lanes4 total[4];
    const double* tile[4];
    for (std::size_t t = 0; t < 4; ++t) {
      total[t] = load<Lanes4>(edge + tile_width * t);
      tile[t] = matrix.tile(first + std::min(t, tiles - 1));
    }
    for (std::size_t k = 0; k < x.size(); ++k) {
      const Lanes4 scaled = Lanes4(factor * x[k]);
      for (std::size_t t = 0; t < 4; ++t)
        total[t] = fused_add(load<Lanes4>(tile[t] + tile_width * k), scaled, total[t]);
    }
    for (std::size_t t = 0; t < 4; ++t) store(total[t], edge + tile_width * t);
    std::copy_n(edge, width, result.data() + tile_width * first);
  }
}

std::size_t factorise(TiledSymmetric& matrix, std::size_t positive_count, const PivotRule& rule) {
  const std::size_t tiles = matrix.tile_count();
  GIMBAL_ASSERT(positive_count <= matrix.size() && rule.replacement > 0.0);
  std::size_t replaced = 0;
  for (std::size_t begin = 0; begin < tiles; begin += column_tiles_per_block) {
    const std::size_t end = std::min(begin + column_tiles_per_block, tiles);
    // Everything left of this block of columns, fetched once; in visits short enough for the nearest cache.
    for (std::size_t first = 0; first < tile_width * begin; first += terms_per_visit) {
      const std::size_t last = std::min(first + terms_per_visit, tile_width * begin);
      for (std::size_t i = begin; i < tiles; i += 3) {
        const std::size_t group = std::min<std::size_t>(3, tiles - i);
        for (std::size_t j = begin; j < std::min(end, i + group); ++j) {
          const std::size_t skipped = j > i ? j - i : 0;
          eliminate(matrix, positive_count, i + skipped, group - skipped, j, first, last);
        }
      }
    }
    for (std::size_t j = begin; j < end; ++j) {
      double* diagonal = matrix.tile(j) + tile_width * tile_width * j;
      eliminate(matrix, positive_count, j, 1, j, tile_width * begin, tile_width * j);
      const DiagonalTile tile = factorise_diagonal(diagonal, tile_width * j, matrix.size(), positive_count, rule);
      replaced += tile.replaced;
      for (std::size_t i = j + 1; i < tiles; i += 3) {
        const std::size_t group = std::min<std::size_t>(3, tiles - i);
        eliminate(matrix, positive_count, i, group, j, tile_width * begin, tile_width * j);
        for (std::size_t t = 0; t < group; ++t)
          finish_rows(tile, diagonal, matrix.tile(i + t) + tile_width * tile_width * j);
      }
    }
  }
  return replaced;
}

void solve_factorised(const TiledSymmetric& factor, std::size_t positive_count, std::span<double> x) {
  GIMBAL_ASSERT(x.size() == factor.size() && positive_count <= factor.size());
  solve_forward(factor, x);
  for (std::size_t k = positive_count; k < x.size(); ++k) x[k] = -x[k];
  solve_backward(factor, x);
}

}  // namespace gimbal::numerics
