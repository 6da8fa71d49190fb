// `gimbal replay` and `gimbal verify`: what a journal proves.
#include <nlohmann/json.hpp>

#include "gimbal/app/commands.hpp"
#include "gimbal/app/configuration.hpp"
#include "gimbal/app/json_output.hpp"
#include "gimbal/app/terminal.hpp"
#include "gimbal/engine/loop.hpp"
#include "gimbal/host/journal_file.hpp"

namespace gimbal::app {
namespace {

// The configuration that a journal's first event carries.
Result<engine::State> first_state(std::span<const std::uint8_t> record, const std::string& journal) {
  const auto event = engine::decode_event(record, std::make_shared<const market::Universe>());
  if (!event) return Unexpected{event.error()};
  const auto* started = std::get_if<engine::Started>(&event->body);
  if (started == nullptr)
    return fail(ErrorCode::corrupt, "{}: its first event is {}, expected started", journal,
                engine::name_of(event->body));
  const auto configuration = read_configuration(journal + ": configuration", started->configuration);
  if (!configuration) return Unexpected{configuration.error()};
  return engine::State{configuration->engine};
}

// Paths may hold bytes that are no UTF-8; they are replaced, not thrown about.
std::string text_of(const nlohmann::ordered_json& json) {
  return json.dump(1, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

std::string plural(std::uint64_t count, std::string_view word) {
  return fmt::format("{} {}{}", count, word, count == 1 ? "" : "s");
}

}  // namespace

Result<ExitStatus> run_command(const ReplayCommand& command) {
  auto reader = host::JournalReader::open(command.journal);
  if (!reader) return Unexpected{reader.error()};
  std::unique_ptr<engine::Replay> replay;
  std::string wrong;
  Progress progress{"replaying " + command.journal};
  for (;;) {
    const auto record = reader->next();
    if (!record) {
      wrong = record.error().message;
      break;
    }
    if (!*record) break;
    if (!replay) {
      auto state = first_state(**record, command.journal);
      if (!state) return Unexpected{state.error()};
      replay = std::make_unique<engine::Replay>(std::move(*state));
    }
    const auto event = engine::decode_event(**record, replay->state().universe);
    const auto taken = event ? replay->take(*event) : Result<void>{Unexpected{event.error()}};
    if (!taken) {
      wrong = command.journal + ": " + taken.error().message;
      break;
    }
    progress.update(replay->report().events, replay->report().events + 1);
  }
  const engine::ReplayReport report = replay ? replay->report() : engine::ReplayReport{};
  nlohmann::ordered_json json;
  json["events"] = report.events;
  json["laps"] = report.laps;
  json["digest"] = report.laps > 0 ? nlohmann::ordered_json(to_hex(report.last)) : nlohmann::ordered_json(nullptr);
  json["head"] = engine::to_string(reader->head());
  json["torn_bytes"] = wrong.empty() ? reader->torn_bytes() : 0;
  json["reproduced"] = wrong.empty();
  if (!wrong.empty()) json["wrong"] = wrong;
  if (auto written = write_json(command.json, text_of(json)); !written) return Unexpected{written.error()};
  if (!to_standard_output(command.json)) {
    if (wrong.empty()) {
      print(fmt::format("replayed   {} in {}: every digest reproduced\n", plural(report.events, "event"),
                        plural(report.laps, "lap")));
      if (report.laps > 0) print(fmt::format("digest     {}\n", to_hex(report.last)));
      print(fmt::format("head       {}\n", engine::to_string(reader->head())));
      if (reader->torn_bytes() > 0)
        print(fmt::format("torn       {} of an unfinished last record were left out\n",
                          plural(reader->torn_bytes(), "byte")));
    } else {
      print(fmt::format("failed     {}\n", wrong));
    }
  }
  return wrong.empty() ? ExitStatus::done : ExitStatus::answer_is_no;
}

Result<ExitStatus> run_command(const VerifyCommand& command) {
  std::optional<engine::JournalHead> kept;
  if (command.head) {
    const auto head = engine::parse_journal_head(*command.head);
    if (!head) return with_context(head.error(), "--head");
    kept = *head;
  }
  const auto report = host::verify_journal(command.journal, kept);
  if (!report) return Unexpected{report.error()};
  nlohmann::ordered_json json;
  json["status"] = host::to_string(report->status);
  json["records"] = report->head.count;
  json["head"] = engine::to_string(report->head);
  json["records_past_head"] = report->records_past_head;
  json["torn_bytes"] = report->torn_bytes;
  json["verdict"] = report->sentence;
  if (auto written = write_json(command.json, text_of(json)); !written) return Unexpected{written.error()};
  if (!to_standard_output(command.json)) {
    print(fmt::format("{:<10} {}\n", host::to_string(report->status), report->sentence));
    if (report->status != host::JournalStatus::failed) {
      print(fmt::format("head       {}\n", engine::to_string(report->head)));
      if (!kept)
        print(
            "note       whoever can write this folder can rewrite all of it; keep the head elsewhere and give it\n"
            "           with --head to convict them\n");
    }
  }
  return report->status == host::JournalStatus::ok ? ExitStatus::done : ExitStatus::answer_is_no;
}

}  // namespace gimbal::app
