// Takes an answer apart into the pieces beside its text.
#include "actors/beside_text.hpp"

#include "actors/added_judgement.hpp"
#include "checks/unmasking.hpp"
#include "llm/escapes.hpp"
#include "llm/provider_words.hpp"
#include "json/document_text.hpp"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

namespace guardrails::actors {

namespace {

/// One of them: a text, or a call.
struct piece {
  std::string* text = nullptr;
  tool_call* call = nullptr;
};

/// In the order in which findings count them.
std::vector<piece> pieces_of(generation& account) {
  std::vector<piece> pieces;
  const auto add_calls = [&pieces](std::vector<tool_call>& calls) {
    for (auto& call : calls)
      pieces.push_back({nullptr, &call});
  };
  add_calls(account.tool_calls);
  for (auto& choice : account.further_choices) {
    pieces.push_back({&choice.text, nullptr});
    add_calls(choice.tool_calls);
  }
  return pieces;
}

/// What a call says: its arguments, as they read, and the name it gives the tool.
struct call_text {
  std::optional<json::document_text> document; ///< empty: the arguments are no JSON
  std::string text;
  std::size_t arguments = 0; ///< bytes of the text that can be masked
};

call_text read_call(const tool_call& call) {
  call_text read;
  read.document = json::document_text::read(call.arguments);
  if (read.document)
    read.text = read.document->text();
  else
    read.text = call.type == "custom" ? call.arguments : llm::without_escapes(call.arguments);
  if (read.document || call.type == "custom")
    read.arguments = read.text.size();
  read.text.append("\n").append(call.name);
  return read;
}

bool masks_beyond(const std::vector<finding>& findings, std::size_t end) {
  return std::ranges::any_of(findings, [end](const finding& f) { return f.replacement && f.span.end > end; });
}

/// A call that needs a mask where there can be none fails.
checks::judgement judge_call(const tool_call& call, const checks::rail& judging,
                             const compiled_policy& policy, const checks::stop_function& stop) {
  const auto read = read_call(call);
  auto verdict = judging.judge(read.text, &steady_nanoseconds, stop);
  if (masks_beyond(verdict.report.findings, read.arguments)) {
    verdict.open.reset();
    verdict.check_error = false;
    verdict.report.passed = false;
    verdict.report.message = policy.sentence("sensitive_data") + " " + policy.sentence("output_suffix");
  }
  return verdict;
}

/// A model may have chosen how its call is named: a name that says something gives way to one of ours, which
/// the client sends back with the tool's result.
void name_call(tool_call& call, std::uint64_t place, const checks::rail& judging,
               const checks::stop_function& stop) {
  const auto says_something = [&] {
    const auto report = judging.judge(call.id, &steady_nanoseconds, stop).report;
    return !report.passed ||
           std::ranges::any_of(report.findings, [](const finding& f) { return f.replacement.has_value(); });
  };
  if (!llm::is_call_id(call.id) || says_something())
    call.id = "call_" + std::to_string(steady_nanoseconds()) + "_" + std::to_string(place);
}

/// Those of one piece, as if it were the judged text.
std::vector<finding> findings_of(const check_report& report, std::uint64_t place) {
  std::vector<finding> own;
  for (const auto& f : report.findings)
    if (f.message == place) {
      own.push_back(f);
      own.back().message.reset();
    }
  return own;
}

/// The findings that touch a part of a text, counted from its beginning.
std::vector<finding> within(const std::vector<finding>& findings, std::size_t offset, std::size_t size) {
  std::vector<finding> own;
  for (const auto& f : findings)
    if (f.replacement && f.span.begin < offset + size && f.span.end > offset) {
      own.push_back(f);
      own.back().span = {std::max<std::uint64_t>(f.span.begin, offset) - offset,
                         std::min<std::uint64_t>(f.span.end, offset + size) - offset};
    }
  return own;
}

void show_call(tool_call& call, const std::vector<finding>& findings, const masked_values& masked) {
  const auto document = json::document_text::read(call.arguments);
  if (!document) {
    // What an original has in it might make a document of what is none.
    if (call.type == "custom")
      call.arguments = checks::unmask_between(call.arguments, findings, masked);
    return;
  }
  auto shown = document->rewritten([&](std::string_view text, std::size_t offset) {
    return checks::unmask_between(text, within(findings, offset, text.size()), masked);
  });
  if (shown)
    call.arguments = std::move(*shown);
}

bool has_nothing_beside(const generation& account) noexcept {
  return account.tool_calls.empty() && account.further_choices.empty();
}

} // namespace

const checks::rail& rail_of_text(const generation& account, const compiled_policy& policy) {
  return account.tool_calls.empty() ? *policy.output : *policy.output_calls;
}

std::size_t size_of(const generation& account) noexcept {
  const auto add_calls = [](std::size_t size, const std::vector<tool_call>& calls) {
    for (const auto& call : calls)
      size += call.arguments.size();
    return size;
  };
  auto size = add_calls(account.llm_response ? account.llm_response->size() : 0, account.tool_calls);
  for (const auto& choice : account.further_choices)
    size = add_calls(size + choice.text.size(), choice.tool_calls);
  return size;
}

void judge_beside(generation& account, const compiled_policy& policy, checks::judgement& verdict,
                  const checks::stop_function& stop) {
  if (has_nothing_beside(account))
    return;
  std::uint64_t place = 0;
  for (const auto& part : pieces_of(account)) {
    if (verdict.broken_off)
      return;
    if (part.call)
      name_call(*part.call, place, *policy.output_calls, stop);
    add_judgement(verdict,
                  part.text ? policy.output->judge(*part.text, &steady_nanoseconds, stop)
                            : judge_call(*part.call, *policy.output_calls, policy, stop),
                  place++);
  }
}

void conclude_beside(generation& account, const check_report& report, const masked_values& masked) {
  if (has_nothing_beside(account))
    return;
  if (account.blocked) {
    account.tool_calls.clear();
    account.further_choices.clear();
    return;
  }
  std::uint64_t place = 0;
  for (const auto& part : pieces_of(account)) {
    const auto findings = findings_of(report, place++);
    if (part.text)
      *part.text = checks::unmask_between(*part.text, findings, masked);
    else
      show_call(*part.call, findings, masked);
  }
}

} // namespace guardrails::actors
