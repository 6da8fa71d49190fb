// The command line, through CLI11. Each subcommand's help ends with an example that works as it stands.
#include "gimbal/app/command_line.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <functional>

#include "gimbal/app/commands.hpp"
#include "gimbal/app/config_table.hpp"
#include "gimbal/app/terminal.hpp"

namespace gimbal::app {
namespace {

using Action = std::function<Result<ExitStatus>()>;

// `--json` alone is standard output, `--json FILE` a file.
void add_json(CLI::App& command, JsonOutput& json) {
  command.add_option("--json", json.file, "Write JSON to FILE, or to standard output without one")
      ->type_name("[FILE]")
      ->expected(0, 1);
}

void read_json(const CLI::App& command, JsonOutput& json) { json.wanted = command.count("--json") > 0; }

void add_time(CLI::App& command, const char* name, std::optional<UtcTime>& time, const char* description) {
  const auto complaint = [](const std::string& text) {
    const auto parsed = parse_utc(text);
    return parsed ? std::string{} : parsed.error().message;
  };
  const auto keep = [&time](const std::string& text) {
    if (const auto parsed = parse_utc(text)) time = *parsed;  // anything else was complained of
  };
  command.add_option_function<std::string>(name, keep, description)->type_name("TIME")->check(complaint);
}

// Of use where a file records every change: its snapshots are as close as one asks for.
void add_sampling(CLI::App& command, Duration& interval) {
  command
      .add_option_function<std::int64_t>(
          "--sample-minutes", [&interval](std::int64_t minutes) { interval = std::chrono::minutes{minutes}; },
          "Minutes between snapshots of a Tardis file, 60 without this")
      ->check(CLI::Range(1, 1'440));
}

struct Commands {
  LapCommand lap;
  ReplayCommand replay;
  VerifyCommand verify;
  SynthCommand synth;
  DataCommand data;
  PriceCommand price;
  ImpliedVolatilityCommand implied_volatility;
  SviCommand svi;
  SurfaceCommand surface;
  Action action;
};

void add_lap(CLI::App& app, Commands& commands) {
  CLI::App* sub = app.add_subcommand("lap", "Run laps over a recorded market: market, target, orders, ledger");
  LapCommand& lap = commands.lap;
  sub->add_option("config", lap.run.configuration, "Configuration in TOML (docs/configuration.md)")->required();
  sub->add_option("--market,market", lap.run.market,
                  "Recorded market: Deribit chain CSV, book summary JSON, Tardis options_chain CSV, Gimbal CSV")
      ->required();
  add_time(*sub, "--at", lap.run.at, "Begin at the last snapshot not later than TIME");
  add_sampling(*sub, lap.run.sampling_interval);
  sub->add_option("--laps", lap.run.laps, "Snapshots to run over, one lap each")->check(CLI::Range(1, 1'000'000));
  sub->add_option("--portfolio", lap.run.portfolio, "What the account holds, instead of [start]")->type_name("FILE");
  sub->add_option("--journal", lap.run.journal, "Journal every event in this folder")->type_name("DIR");
  sub->add_option("--ledger", lap.run.ledger, "Keep the double-entry ledger in this SQLite file")->type_name("FILE");
  sub->add_option("--orders", lap.orders, "Write the approved orders as CSV")->type_name("FILE");
  sub->add_option("--html", lap.page, "Write one page of figures, trades and reasons, for any browser")
      ->type_name("FILE");
  sub->add_flag("--verbose,-v", lap.verbose, "Show full tables for every lap");
  add_json(*sub, lap.json);
  sub->footer(
      "Example: gimbal lap examples/vol_arbitrage.toml --market examples/market.csv.zst --laps 8 --html page.html");
  sub->callback([sub, &commands] {
    read_json(*sub, commands.lap.json);
    commands.action = [&commands] { return run_command(commands.lap); };
  });
}

void add_replay(CLI::App& app, Commands& commands) {
  CLI::App* sub = app.add_subcommand("replay", "Replay a journal and reproduce every state digest in it");
  sub->add_option("journal", commands.replay.journal, "Folder of the journal")->required()->type_name("DIR");
  add_json(*sub, commands.replay.json);
  sub->footer("Example: gimbal replay out/001-vol_arbitrage/journal");
  sub->callback([sub, &commands] {
    read_json(*sub, commands.replay.json);
    commands.action = [&commands] { return run_command(commands.replay); };
  });
}

void add_verify(CLI::App& app, Commands& commands) {
  CLI::App* sub = app.add_subcommand("verify", "Check every byte of a journal against its hash chain and its head");
  sub->add_option("journal", commands.verify.journal, "Folder of the journal")->required()->type_name("DIR");
  sub->add_option("--head", commands.verify.head, "A head kept elsewhere: only that convicts who can write the folder")
      ->type_name("COUNT:HASH");
  add_json(*sub, commands.verify.json);
  sub->footer("Example: gimbal verify out/001-vol_arbitrage/journal");
  sub->callback([sub, &commands] {
    read_json(*sub, commands.verify.json);
    commands.action = [&commands] { return run_command(commands.verify); };
  });
}

void add_data(CLI::App& app, Commands& commands) {
  CLI::App* sub = app.add_subcommand("data", "Show what a recorded market holds: instruments, times, gaps, quality");
  DataCommand& data = commands.data;
  sub->add_option("file", data.file, "Recorded market, in any format that lap reads (docs/formats.md)")->required();
  add_sampling(*sub, data.sampling_interval);
  add_json(*sub, data.json);
  sub->footer("Example: gimbal data examples/market.csv.zst");
  sub->callback([sub, &commands] {
    read_json(*sub, commands.data.json);
    commands.action = [&commands] { return run_command(commands.data); };
  });
}

void add_price(CLI::App& app, Commands& commands) {
  CLI::App* sub = app.add_subcommand("price", "Black-76 premiums and Greeks of a table of options, in quote and coin");
  sub->add_option("file", commands.price.file, "CSV with right,forward,strike,years,volatility and perhaps rate")
      ->required();
  sub->add_option("--out", commands.price.output, "File to write; standard output without it")->type_name("FILE");
  sub->footer("Example: gimbal price examples/options.csv");
  sub->callback([&commands] { commands.action = [&commands] { return run_command(commands.price); }; });
}

void add_implied_volatility(CLI::App& app, Commands& commands) {
  CLI::App* sub = app.add_subcommand("iv", "Implied volatilities of a table of premiums, or why there is none");
  ImpliedVolatilityCommand& implied = commands.implied_volatility;
  sub->add_option("file", implied.file,
                  "CSV with right,forward,strike,years,price and perhaps rate and settlement (linear or inverse)")
      ->required();
  sub->add_option("--out", implied.output, "File to write; standard output without it")->type_name("FILE");
  sub->footer("Example: gimbal iv examples/premiums.csv");
  sub->callback([&commands] { commands.action = [&commands] { return run_command(commands.implied_volatility); }; });
}

void add_svi(CLI::App& app, Commands& commands) {
  CLI::App* sub = app.add_subcommand("svi", "Check SVI, SSVI or eSSVI parameters for butterfly and calendar arbitrage");
  sub->add_option("file", commands.svi.file, "JSON with the model and its slices (docs/formats.md)")->required();
  add_json(*sub, commands.svi.json);
  sub->footer("Example: gimbal svi examples/smiles.json");
  sub->callback([sub, &commands] {
    read_json(*sub, commands.svi.json);
    commands.action = [&commands] { return run_command(commands.svi); };
  });
}

// A time, or `all` of the file's snapshots.
void add_snapshots(CLI::App& command, SurfaceCommand& surface) {
  constexpr const char* all = "all";
  const auto complaint = [](const std::string& text) {
    const auto parsed = parse_utc(text);
    return text == all || parsed ? std::string{} : parsed.error().message + ", and not 'all' either";
  };
  const auto keep = [&surface](const std::string& text) {
    if (text == all) surface.snapshots = SnapshotChoice::all;
    if (const auto parsed = parse_utc(text)) surface.at = *parsed;
  };
  command
      .add_option_function<std::string>(
          "--at", keep, "The last snapshot not later than TIME, or all of them; the file's first without this")
      ->type_name("TIME|all")
      ->check(complaint);
}

void add_surface(CLI::App& app, Commands& commands) {
  CLI::App* sub = app.add_subcommand("surface", "Fit the volatility surfaces of a recorded market and read them off");
  SurfaceCommand& wanted = commands.surface;
  sub->add_option("--market,market", wanted.market, "Recorded market, in any format that lap reads (docs/formats.md)")
      ->required();
  sub->add_option("--underlying", wanted.underlying, "Only this one, such as BTC; all of them without this")
      ->type_name("CODE");
  add_snapshots(*sub, wanted);
  add_sampling(*sub, wanted.sampling_interval);
  const auto choose = [&wanted](const std::string& name) {
    wanted.model = name == surface::to_string(surface::Model::essvi) ? surface::Model::essvi : surface::Model::svi;
  };
  sub->add_option_function<std::string>("--model", choose, "Family of the smiles, svi without this")
      ->type_name("NAME")
      ->check(CLI::IsMember({surface::to_string(surface::Model::svi), surface::to_string(surface::Model::essvi)}));
  sub->add_flag_callback(
      "--premium-adjusted", [&wanted] { wanted.convention = surface::DeltaConvention::premium_adjusted; },
      "Deltas less the premium in coin, as venues show net delta; by the forward without this");
  sub->add_option("--grid", wanted.grid, "Write smiles by strike and delta as CSV to FILE, or to standard output")
      ->type_name("[FILE]")
      ->expected(0, 1);
  sub->add_option("--rich", wanted.rich,
                  "Write each option's distance from the surface as CSV to FILE, or to standard output")
      ->type_name("[FILE]")
      ->expected(0, 1);
  sub->add_option("--html", wanted.page, "Write one page of smiles, term structure and surface, for any browser")
      ->type_name("FILE");
  add_json(*sub, wanted.json);
  sub->footer("Example: gimbal surface --market examples/market.csv.zst --html surface.html");
  sub->callback([sub, &commands] {
    read_json(*sub, commands.surface.json);
    if (sub->count("--grid") > 0 && !commands.surface.grid) commands.surface.grid = std::string{};
    if (sub->count("--rich") > 0 && !commands.surface.rich) commands.surface.rich = std::string{};
    commands.action = [&commands] { return run_command(commands.surface); };
  });
}

void add_synth(CLI::App& app, Commands& commands) {
  CLI::App* sub = app.add_subcommand("synth", "Write a synthetic market: the same seed gives the same file");
  SynthCommand& synth = commands.synth;
  sub->add_option("--seed", synth.seed, "Seed of everything random")->required();
  sub->add_option("--snapshots", synth.snapshots, "Snapshots to write")->check(CLI::Range(1, 100'000));
  sub->add_option("--spacing-hours", synth.spacing_hours, "Hours between snapshots")->check(CLI::Range(0.01, 720.0));
  add_time(*sub, "--start", synth.start, "Time of the first snapshot");
  sub->add_option("--out", synth.output, "File to write, compressed where it ends in .zst; standard output without it")
      ->type_name("FILE");
  sub->footer("Example: gimbal synth --seed 7 --snapshots 12 --out market.csv.zst");
  sub->callback([&commands] { commands.action = [&commands] { return run_command(commands.synth); }; });
}

// A first word that is no command, with the command that it may have been meant to be; empty where all is well.
std::string unknown_command(const CLI::App& app, std::string_view word) {
  std::vector<std::string> names;
  for (const CLI::App* sub : app.get_subcommands([](const CLI::App*) { return true; }))
    names.push_back(sub->get_name());
  if (word.empty() || word.front() == '-' || std::find(names.begin(), names.end(), word) != names.end()) return {};
  std::string sentence = fmt::format("'{}' is no command", word);
  if (const auto nearest = nearest_word(word, names)) sentence += fmt::format("; did you mean '{}'?", *nearest);
  return sentence;
}

int report_parse_error(const CLI::App& app, const CLI::ParseError& error) {
  if (error.get_exit_code() == 0) return app.exit(error);  // --help
  const CLI::App* asked = &app;
  if (const auto subs = app.get_subcommands(); !subs.empty()) asked = subs.front();
  print_error(
      fmt::format("gimbal: {}\ntry: {}{} --help\n", error.what(), asked == &app ? "" : "gimbal ", asked->get_name()));
  return static_cast<int>(ExitStatus::bad_input);
}

}  // namespace

int run_command_line(int argc, const char* const* argv) {
  CLI::App app{"Gimbal keeps a derivatives portfolio on its target risk surface.", "gimbal"};
  app.require_subcommand(1);
  app.footer("Each command has its own --help with an example.");
  Commands commands;
  add_lap(app, commands);
  add_replay(app, commands);
  add_verify(app, commands);
  add_data(app, commands);
  add_price(app, commands);
  add_implied_volatility(app, commands);
  add_svi(app, commands);
  add_surface(app, commands);
  add_synth(app, commands);
  if (const std::string wrong = unknown_command(app, argc > 1 ? argv[1] : ""); !wrong.empty()) {
    print_error(fmt::format("gimbal: {}\ntry: gimbal --help\n", wrong));
    return static_cast<int>(ExitStatus::bad_input);
  }
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return report_parse_error(app, error);
  }
  const Result<ExitStatus> status = commands.action();
  if (status) return static_cast<int>(*status);
  print_error(fmt::format("gimbal: {}\n", status.error().message));
  return static_cast<int>(ExitStatus::bad_input);
}

}  // namespace gimbal::app
