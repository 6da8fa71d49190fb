// The document's fields, each looked at before it is used.
#include "gimbal/app/smile_file.hpp"

#include <nlohmann/json.hpp>
#include <cmath>
#include <initializer_list>

#include "gimbal/surface/svi_arbitrage.hpp"

namespace gimbal::app {
namespace {

using Json = nlohmann::json;

/// One object of the document and the words for where it stands.
struct Place {
  const Json& json;
  std::string name;
};

/// A value as a sentence can hold it: lists and objects by their kind, for they may be deep.
std::string words_for(const Json& json) {
  return json.is_structured() ? std::string{"a list or an object"} : json.dump().substr(0, 100);
}

Result<double> number(const Place& place, const char* key) {
  const auto found = place.json.find(key);
  if (found == place.json.end()) return fail(ErrorCode::parse, "{}.{} is missing, expected a number", place.name, key);
  if (!found->is_number())
    return fail(ErrorCode::parse, "{}.{} is {}, expected a number", place.name, key, words_for(*found));
  return found->get<double>();
}

Result<double> positive(const Place& place, const char* key) {
  const auto value = number(place, key);
  if (!value || *value > 0.0) return value;
  return fail(ErrorCode::out_of_domain, "{}.{} is {}, expected more than zero", place.name, key, *value);
}

Result<double> correlation(const Place& place) {
  const auto value = number(place, "rho");
  if (!value || std::fabs(*value) < 1.0) return value;
  return fail(ErrorCode::out_of_domain, "{}.rho is {}, expected between -1 and 1", place.name, *value);
}

Result<void> only(const Place& place, std::initializer_list<const char*> keys) {
  if (!place.json.is_object()) return fail(ErrorCode::parse, "{} is no object", place.name);
  for (const auto& item : place.json.items()) {
    bool is_known = false;
    for (const char* key : keys) is_known = is_known || item.key() == key;
    if (!is_known) return fail(ErrorCode::parse, "{}.{} is not known here", place.name, item.key().substr(0, 100));
  }
  return {};
}

Result<surface::SviSlice> raw_slice(const Place& place) {
  if (auto known = only(place, {"name", "years", "a", "b", "rho", "m", "sigma"}); !known)
    return Unexpected{known.error()};
  const auto a = number(place, "a");
  if (!a) return Unexpected{a.error()};
  const auto b = number(place, "b");
  if (!b) return Unexpected{b.error()};
  if (*b < 0.0) return fail(ErrorCode::out_of_domain, "{}.b is {}, expected zero or more", place.name, *b);
  const auto rho = correlation(place);
  if (!rho) return Unexpected{rho.error()};
  const auto m = number(place, "m");
  if (!m) return Unexpected{m.error()};
  const auto sigma = positive(place, "sigma");
  if (!sigma) return Unexpected{sigma.error()};
  return surface::SviSlice{*a, *b, *rho, *m, *sigma};
}

/// `curvature` is phi, or psi = theta phi.
Result<surface::SviSlice> ssvi_slice(const Place& place, const char* curvature) {
  if (auto known = only(place, {"name", "years", "theta", "rho", curvature}); !known) return Unexpected{known.error()};
  const auto theta = positive(place, "theta");
  if (!theta) return Unexpected{theta.error()};
  const auto rho = correlation(place);
  if (!rho) return Unexpected{rho.error()};
  const auto bend = positive(place, curvature);
  if (!bend) return Unexpected{bend.error()};
  const bool is_phi = std::string_view{curvature} == "phi";
  return surface::svi_of_ssvi(*theta, *rho, is_phi ? *bend : *bend / *theta);
}

/// Far beyond every market, and small enough that no power on the way to a crossing overflows.
Result<void> check_size(const Place& place, const surface::SviSlice& slice) {
  constexpr double most = 1e6;
  constexpr double sigma_least = 1e-9;
  for (const double value : {slice.a, slice.b, slice.m, slice.sigma})
    if (!(std::fabs(value) <= most))
      return fail(ErrorCode::out_of_domain, "{} is a slice whose raw SVI has {}, expected at most {} in size",
                  place.name, value, most);
  if (slice.sigma >= sigma_least) return {};
  return fail(ErrorCode::out_of_domain, "{} is a slice whose raw SVI has a sigma of {}, expected at least {}",
              place.name, slice.sigma, sigma_least);
}

Result<report::NamedSlice> named_slice(const Place& place, const std::string& model) {
  auto slice = model == "svi" ? raw_slice(place) : ssvi_slice(place, model == "ssvi" ? "phi" : "psi");
  if (!slice) return Unexpected{slice.error()};
  if (auto bounded = check_size(place, *slice); !bounded) return Unexpected{bounded.error()};
  const auto years = positive(place, "years");
  if (!years) return Unexpected{years.error()};
  std::string name = fmt::format("{:.6g} y", *years);
  if (const auto found = place.json.find("name"); found != place.json.end()) {
    if (!found->is_string()) return fail(ErrorCode::parse, "{}.name is no text", place.name);
    name = found->get<std::string>();
  }
  return report::NamedSlice{std::move(name), *years, *slice};
}

Result<std::vector<report::NamedSlice>> decode(const Json& json) {
  const Place top{json, "the document"};
  if (auto known = only(top, {"model", "slices"}); !known) return Unexpected{known.error()};
  const auto model = json.find("model");
  if (model == json.end() || !model->is_string() || (*model != "svi" && *model != "ssvi" && *model != "essvi"))
    return fail(ErrorCode::parse, "model is {}, expected \"svi\", \"ssvi\" or \"essvi\"",
                model == json.end() ? "missing" : words_for(*model));
  const auto slices = json.find("slices");
  if (slices == json.end() || !slices->is_array() || slices->empty())
    return fail(ErrorCode::missing_data, "slices is missing or empty, expected a list of smiles");
  std::vector<report::NamedSlice> named;
  for (std::size_t i = 0; i < slices->size(); ++i) {
    auto slice = named_slice({(*slices)[i], fmt::format("slices[{}]", i)}, model->get<std::string>());
    if (!slice) return Unexpected{slice.error()};
    if (!named.empty() && !(slice->years > named.back().years))
      return fail(ErrorCode::out_of_domain, "slices[{}].years is {}, expected more than the {} before it", i,
                  slice->years, named.back().years);
    named.push_back(*std::move(slice));
  }
  return named;
}

}  // namespace

Result<std::vector<report::NamedSlice>> decode_smiles(std::string_view text) {
  try {
    return decode(Json::parse(text));
  } catch (const Json::exception& error) {  // no JSON, or a number beyond a double
    return fail(ErrorCode::parse, "no JSON: {}", error.what());
  }
}

}  // namespace gimbal::app
