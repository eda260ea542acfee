// MongoDB: the shell's form and command documents. A small automaton over brackets, keys and values; it has
// no recursion.
#include "checks/sql/parsers.hpp"

#include <algorithm>

namespace guardrails::checks::sql {

namespace {

class shell_reader {
public:
  explicit shell_reader(std::string_view text)
    : text_{text}
    , tokens_{text, traits_of(sql_dialect::mongodb)} {}

  std::optional<syntax_error> run() {
    while (!error_) {
      const auto t = tokens_.next();
      if (!t)
        break;
      read(*t);
    }
    if (error_)
      return error_;
    if (tokens_.error())
      return tokens_.error();
    if (!open_.empty())
      return syntax_error{open_.back().at, "a bracket is not closed"};
    if (!code_ && (expects_ == expected::member || expects_ == expected::value))
      return syntax_error{text_.size(), "the statement ends where something must follow"};
    return std::nullopt;
  }

private:
  enum class expected : std::uint8_t {
    statement, ///< db, a document, or a shell command
    anything,  ///< behind a value: an operator, a member, a call, a comma, the end
    member,    ///< a name after a dot
    value,     ///< a value must come
    value_or_end,
    key_or_end, ///< the start of a document
    key,        ///< after a comma in a document
    colon,
  };

  struct bracket {
    char closing = ')';
    std::size_t at = 0;
  };

  void fail(std::size_t at, std::string problem) { error_ = syntax_error{at, std::move(problem)}; }

  bool in_document() const { return !open_.empty() && open_.back().closing == '}'; }

  void read(const token& t) {
    code_ |= t.kind == token_kind::word && text_.substr(t.begin, t.end - t.begin) == "function";
    if (t.kind == token_kind::symbol)
      return symbol(t, text_[t.begin]);
    if (code_)
      return;
    switch (expects_) {
    case expected::statement:
      return begin(t);
    case expected::key:
    case expected::key_or_end:
      expects_ = expected::colon;
      return;
    case expected::colon:
      return fail(t.begin, "a colon is missing");
    case expected::member:
      if (t.kind != token_kind::word)
        return fail(t.begin, "a name is expected after a dot");
      expects_ = expected::anything;
      return;
    case expected::anything:
      return behind_value(t);
    case expected::value:
    case expected::value_or_end:
      // `new Date()`: the word announces a value.
      if (t.kind != token_kind::word || upper_text(text_, t) != "NEW")
        expects_ = expected::anything;
    }
  }

  void begin(const token& t) {
    const auto word = t.kind == token_kind::word ? upper_text(text_, t) : std::string{};
    free_form_ = word == "USE" || word == "SHOW" || word == "VAR" || word == "LET" || word == "CONST";
    if (!free_form_ && word != "DB" && word != "RS" && word != "SH" && word != "PRINTJSON" && word != "PRINT")
      return fail(t.begin, "neither a document nor a call on db");
    expects_ = expected::anything;
  }

  /// Two values in a row: on a new line of the shell a new statement, otherwise an error.
  void behind_value(const token& t) {
    if (free_form_ && open_.empty() && !new_line_before(t.begin))
      return;
    if (open_.empty() && new_line_before(t.begin))
      return begin(t);
    fail(t.begin, "a comma or an operator is missing");
  }

  bool new_line_before(std::size_t at) const {
    while (at > 0 && (text_[at - 1] == ' ' || text_[at - 1] == '\t'))
      --at;
    return at > 0 && (text_[at - 1] == '\n' || text_[at - 1] == '\r');
  }

  void symbol(const token& t, char c) {
    if (c == '(' || c == '[' || c == '{')
      return open(t, c);
    if (c == ')' || c == ']' || c == '}')
      return close(t, c);
    if (code_)
      return;
    const auto behind = expects_ == expected::anything;
    switch (c) {
    case '.':
      if (!behind)
        return fail(t.begin, "a dot without anything before it");
      expects_ = expected::member;
      return;
    case ',':
      if (!behind || open_.empty())
        return fail(t.begin, "a comma where nothing can follow");
      expects_ = in_document() ? expected::key : expected::value;
      return;
    case ':':
      if (expects_ != expected::colon)
        return fail(t.begin, "a colon without a key");
      expects_ = expected::value;
      return;
    case ';':
      if (!open_.empty() || !(behind || expects_ == expected::statement))
        return fail(t.begin, "a semicolon within a statement");
      expects_ = expected::statement;
      free_form_ = false;
      return;
    case '$':
      return; // begins a name such as $set
    case '/':
      return slash(t, behind);
    default:
      return other(t, c, behind);
    }
  }

  void slash(const token& t, bool behind) {
    if (behind) {
      expects_ = expected::value;
      return;
    }
    auto end = t.begin + 1;
    while (end < text_.size() && text_[end] != '/' && text_[end] != '\n')
      end += text_[end] == '\\' ? 2 : 1;
    if (end >= text_.size() || text_[end] != '/')
      return fail(t.begin, "a regular expression does not end");
    for (++end; end < text_.size() && std::string_view{"imsxgu"}.find(text_[end]) != std::string_view::npos;)
      ++end;
    tokens_.skip_to(end);
    expects_ = expected::anything;
  }

  void other(const token& t, char c, bool behind) {
    code_ |= c == '>' && t.begin > 0 && text_[t.begin - 1] == '='; // x => …
    if (std::string_view{"+-*%=<>!&|?"}.find(c) == std::string_view::npos)
      return fail(t.begin, "a character that does not belong here");
    if (!behind && c != '-' && c != '+' && c != '!' && c != '=' && c != '>' && c != '&' && c != '|')
      return fail(t.begin, "an operator without anything before it");
    if (expects_ == expected::key || expects_ == expected::key_or_end || expects_ == expected::colon)
      return fail(t.begin, "a key is expected");
    expects_ = expected::value;
  }

  void open(const token& t, char c) {
    const auto call_or_index = expects_ == expected::anything && c != '{';
    const auto first = expects_ == expected::statement && c == '{';
    if (!code_ && !call_or_index && !first && expects_ != expected::value &&
        expects_ != expected::value_or_end)
      return fail(t.begin, "a bracket where none can stand");
    open_.push_back({c == '(' ? ')' : c == '[' ? ']' : '}', t.begin});
    expects_ = c == '{' ? expected::key_or_end : expected::value_or_end;
  }

  void close(const token& t, char c) {
    if (open_.empty() || open_.back().closing != c)
      return fail(t.begin, "a bracket is closed that was not opened");
    // A comma may stand before the closing bracket, as in JavaScript.
    if (code_) {
      open_.pop_back();
      return;
    }
    if (expects_ == expected::member || expects_ == expected::colon ||
        (expects_ == expected::value && !after_comma(t)))
      return fail(t.begin, "something is missing before a bracket");
    open_.pop_back();
    expects_ = expected::anything;
  }

  bool after_comma(const token& t) const {
    const auto last = text_.substr(0, t.begin).find_last_not_of(" \t\r\n");
    return last != std::string_view::npos && text_[last] == ',';
  }

  std::string_view text_;
  tokenizer tokens_;
  std::optional<syntax_error> error_;
  std::vector<bracket> open_;
  expected expects_ = expected::statement;
  bool free_form_ = false; ///< `use shop`, `show collections`, `var x = …`
  bool code_ = false;      ///< a function was seen: from there on only brackets are looked at
};

} // namespace

std::optional<syntax_error> find_mongodb_error(std::string_view text) {
  return shell_reader{text}.run();
}

} // namespace guardrails::checks::sql
