// Stages, rounds and the retreat.
#include "gimbal/surface/joint_fit.hpp"

#include <algorithm>
#include <array>

#include "gimbal/surface/essvi.hpp"

namespace gimbal::surface {
namespace {

constexpr FitStage last_stage{3.0, 1e6, 5e6, 20, 1e-7, Loss::geman_mcclure};
// Penalties rise under a loose loss, the loss is tightened last.
constexpr std::array<FitStage, 6> cold_stages{FitStage{6.0, 1e4, 1e3, 12}, FitStage{6.0, 1e4, 1e4, 12},
                                              FitStage{6.0, 1e5, 1e5, 12}, FitStage{6.0, 1e6, 1e6, 12},
                                              FitStage{4.0, 1e6, 5e6, 12}, last_stage};
constexpr std::array<FitStage, 1> warm_stages{FitStage{3.0, 1e6, 5e6, 12, 1e-5, Loss::geman_mcclure}};
constexpr std::array<FitStage, 1> repair_stages{FitStage{3.0, 1e7, 5e7, 15, 1e-6, Loss::geman_mcclure}};
constexpr int rounds_most = 6;
constexpr double margin_growth = 4.0;
constexpr double essvi_loss_scale = 4.0;

void fit(std::span<JointSmile> smiles, std::span<const FitStage> stages) {
  std::vector<SmileProblem> problems;
  std::vector<SmileShape> shapes;
  problems.reserve(smiles.size());
  shapes.reserve(smiles.size());
  for (const JointSmile& smile : smiles) {
    problems.push_back(smile.problem);
    shapes.push_back(smile.shape);
  }
  fit_shapes(problems, shapes, stages);
  for (std::size_t i = 0; i < smiles.size(); ++i)
    if (!smiles[i].problem.held) smiles[i].shape = shapes[i];
}

/// Certifies what is not held and what follows on it.
void certify(std::span<JointSmile> smiles) {
  for (std::size_t i = 0; i < smiles.size(); ++i) {
    if (smiles[i].problem.held && (i == 0 || smiles[i - 1].problem.held)) continue;
    const TimedSlice earlier = i > 0 ? smiles[i - 1].timed() : TimedSlice{};
    smiles[i].certificate = certify(i > 0 ? &earlier : nullptr, smiles[i].timed());
  }
}

bool all_free(std::span<const JointSmile> smiles) {
  return std::all_of(smiles.begin(), smiles.end(), [](const JointSmile& smile) { return smile.certificate.is_free(); });
}

/// Wider margins where the certificate fails; what has no part in a failure is held.
void widen(std::span<JointSmile> smiles) {
  std::vector<bool> moves(smiles.size(), false);
  for (std::size_t i = 0; i < smiles.size(); ++i) {
    const SliceCertificate& found = smiles[i].certificate;
    if (found.is_free()) continue;
    moves[i] = true;
    if (found.gap_least < 0.0 && i > 0) {
      smiles[i].problem.gap_margin *= margin_growth;
      moves[i - 1] = true;
    } else {
      smiles[i].problem.density_margin *= margin_growth;
    }
  }
  for (std::size_t i = 0; i < smiles.size(); ++i) smiles[i].problem.held = !moves[i];
}

/// The eSSVI slices most like the smiles, as shapes in the smiles' units.
std::vector<SmileShape> refuge_of(std::span<const JointSmile> smiles) {
  std::vector<SmileShape> refuge;
  EssviSlice earlier;
  for (const JointSmile& smile : smiles) {
    earlier = essvi_after(refuge.empty() ? nullptr : &earlier, essvi_like(smile.svi()));
    refuge.push_back(shape_of(svi_of(earlier), smile.problem.total_volatility));
  }
  return refuge;
}

/// Moves every smile the same share of the way to its refuge: the least share, of halvings of the whole, that frees
/// all.
double retreat(std::span<JointSmile> smiles) {
  constexpr double share_least = 0x1p-12;
  const std::vector<SmileShape> refuge = refuge_of(smiles);
  std::vector<SmileShape> from;
  for (JointSmile& smile : smiles) {
    from.push_back(smile.shape);
    smile.problem.held = false;
  }
  for (double share = share_least;; share *= 2.0) {
    for (std::size_t i = 0; i < smiles.size(); ++i) smiles[i].shape = between(from[i], refuge[i], share);
    certify(smiles);
    if (share >= 1.0 || all_free(smiles)) return share;
  }
}

/// Until every smile is free of arbitrage. Leaves nothing held that was not.
JointEffort free_of_arbitrage(std::span<JointSmile> smiles) {
  JointEffort effort;
  certify(smiles);
  if (all_free(smiles)) return effort;
  const std::vector<JointSmile> before(smiles.begin(), smiles.end());
  for (; effort.rounds < rounds_most && !all_free(smiles); ++effort.rounds) {
    widen(smiles);
    fit(smiles, repair_stages);
    certify(smiles);
  }
  if (!all_free(smiles)) effort.retreat = retreat(smiles);
  for (std::size_t i = 0; i < smiles.size(); ++i) {
    smiles[i].problem.held = before[i].problem.held;
    smiles[i].problem.density_margin = before[i].problem.density_margin;
    smiles[i].problem.gap_margin = before[i].problem.gap_margin;
  }
  return effort;
}

}  // namespace

JointEffort fit_jointly(std::span<JointSmile> smiles) {
  fit(smiles, cold_stages);
  return free_of_arbitrage(smiles);
}

JointEffort refit_jointly(std::span<JointSmile> smiles) {
  fit(smiles, warm_stages);
  return free_of_arbitrage(smiles);
}

void fit_jointly_essvi(std::span<JointSmile> smiles) {
  EssviSlice earlier;
  for (std::size_t i = 0; i < smiles.size(); ++i) {
    SmileProblem problem = smiles[i].problem;
    problem.prior = smiles[i].shape;
    earlier = fit_essvi(i > 0 ? &earlier : nullptr, problem, essvi_loss_scale);
    smiles[i].shape = shape_of(svi_of(earlier), problem.total_volatility);
  }
  certify(smiles);
}

}  // namespace gimbal::surface
