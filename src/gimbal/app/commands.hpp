// The subcommands of `gimbal`, each from its options to what it prints and its exit status.
#pragma once

#include <optional>
#include <string>

#include "gimbal/app/exit_status.hpp"
#include "gimbal/app/lap_run.hpp"
#include "gimbal/surface/smile_figures.hpp"

namespace gimbal::app {

/// Where `--json [FILE]` goes.
struct JsonOutput {
  bool wanted = false;
  std::string file;  ///< Empty: standard output, and then nothing else is written there.
};

struct LapCommand {
  LapOptions run;
  JsonOutput json;
  std::optional<std::string> orders;  ///< CSV file.
  std::optional<std::string> page;    ///< HTML file.
  bool verbose = false;               ///< Full tables for every lap, not only the last.
};
[[nodiscard]] Result<ExitStatus> run_command(const LapCommand& command);

struct ReplayCommand {
  std::string journal;
  JsonOutput json;
};
[[nodiscard]] Result<ExitStatus> run_command(const ReplayCommand& command);

struct VerifyCommand {
  std::string journal;
  std::optional<std::string> head;  ///< `COUNT:HASH`, kept elsewhere.
  JsonOutput json;
};
[[nodiscard]] Result<ExitStatus> run_command(const VerifyCommand& command);

struct DataCommand {
  std::string file;
  Duration sampling_interval = std::chrono::hours{1};  ///< Between snapshots of a record of changes.
  JsonOutput json;
};
[[nodiscard]] Result<ExitStatus> run_command(const DataCommand& command);

/// Premiums and Greeks of a table of options.
struct PriceCommand {
  std::string file;
  std::optional<std::string> output;  ///< File; standard output without it.
};
[[nodiscard]] Result<ExitStatus> run_command(const PriceCommand& command);

/// Implied volatilities of a table of premiums.
struct ImpliedVolatilityCommand {
  std::string file;
  std::optional<std::string> output;
};
[[nodiscard]] Result<ExitStatus> run_command(const ImpliedVolatilityCommand& command);

/// Arbitrage within and between smiles; the answer is no where there is any.
struct SviCommand {
  std::string file;
  JsonOutput json;
};
[[nodiscard]] Result<ExitStatus> run_command(const SviCommand& command);

/// Which snapshots of a file are looked at.
enum class SnapshotChoice { one, all };

/// The fitted surfaces of a recorded market; the answer is no where one leaves room for arbitrage.
struct SurfaceCommand {
  std::string market;                     ///< File.
  std::optional<std::string> underlying;  ///< Code; all of them without it.
  SnapshotChoice snapshots = SnapshotChoice::one;
  std::optional<UtcTime> at;                           ///< The last snapshot not later than this; absent: the first.
  Duration sampling_interval = std::chrono::hours{1};  ///< Between snapshots of a record of changes.
  surface::Model model = surface::Model::svi;
  surface::DeltaConvention convention = surface::DeltaConvention::forward;
  std::optional<std::string> grid;  ///< CSV file; empty: standard output, and then nothing else is written there.
  std::optional<std::string> rich;  ///< CSV file; empty: standard output, and then nothing else is written there.
  std::optional<std::string> page;  ///< HTML file, of one snapshot.
  JsonOutput json;
};
[[nodiscard]] Result<ExitStatus> run_command(const SurfaceCommand& command);

struct SynthCommand {
  std::uint64_t seed = 1;
  std::uint64_t snapshots = 12;
  double spacing_hours = 6.0;
  std::optional<UtcTime> start;
  std::string output;  ///< File; compressed where its name ends in .zst. Empty: standard output.
};
[[nodiscard]] Result<ExitStatus> run_command(const SynthCommand& command);

}  // namespace gimbal::app
