// `gimbal synth`: a synthetic market into a file.
#include "gimbal/app/commands.hpp"
#include "gimbal/app/terminal.hpp"
#include "gimbal/host/file_writer.hpp"
#include "gimbal/simulate/synthetic_market.hpp"

namespace gimbal::app {

Result<ExitStatus> run_command(const SynthCommand& command) {
  simulate::SyntheticMarketParameters parameters;
  parameters.seed = command.seed;
  parameters.snapshots = command.snapshots;
  parameters.spacing = Duration{static_cast<std::int64_t>(command.spacing_hours * 3600e9)};
  if (command.start) parameters.start = *command.start;
  const auto text = simulate::synthetic_market_csv(parameters);
  if (!text) return Unexpected{text.error()};
  if (command.output.empty()) {
    print(*text);
    return ExitStatus::done;
  }
  if (auto written = host::write_file(command.output, *text); !written) return Unexpected{written.error()};
  print(fmt::format("{}: {} snapshots from seed {}\n", command.output, command.snapshots, command.seed));
  return ExitStatus::done;
}

}  // namespace gimbal::app
