// `gimbal svi`: whether smiles given by their parameters leave room for arbitrage.
#include "gimbal/app/commands.hpp"
#include "gimbal/app/json_output.hpp"
#include "gimbal/app/smile_file.hpp"
#include "gimbal/app/terminal.hpp"
#include "gimbal/host/file_reader.hpp"

namespace gimbal::app {

Result<ExitStatus> run_command(const SviCommand& command) {
  constexpr std::size_t document_bytes_max = std::size_t{16} << 20U;
  const auto text = host::read_whole_file(command.file, document_bytes_max);
  if (!text) return Unexpected{text.error()};
  auto slices = decode_smiles(*text);
  if (!slices) return with_context(slices.error(), command.file);
  const report::SviCheck check = report::check_smiles(*std::move(slices));
  if (auto written = write_json(command.json, report::svi_check_json(check)); !written)
    return Unexpected{written.error()};
  if (!to_standard_output(command.json)) print(report::svi_check_table(check, output_style()));
  return check.is_free() ? ExitStatus::done : ExitStatus::answer_is_no;
}

}  // namespace gimbal::app
