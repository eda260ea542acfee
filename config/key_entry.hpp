// The words the key table is written in: `value(path, field, limits, sentence)` and what refines it.
#pragma once

#include "config/keys.hpp"
#include "config/values.hpp"

#include <functional>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>

namespace guardrails::config {

/// How to get at one value of a configuration.
template <class T>
struct field {
  using type = T;
  std::function<std::optional<T>(const rails_config&)> get; ///< nothing: not set
  std::function<void(rails_config&, T)> set;
};

template <class T>
struct field_value {
  using type = T;
};

template <class T>
struct field_value<std::optional<T>> {
  using type = T;
};

/// A field behind a pointer that `reach(config)` gives; null while its section is absent. Empty texts and
/// absent optionals are not set.
template <class T, class Reach>
field<typename field_value<T>::type> reached_by(Reach reach) {
  using value_type = typename field_value<T>::type;
  auto get = [reach](const rails_config& config) -> std::optional<value_type> {
    const T* found = reach(config);
    if (found == nullptr)
      return std::nullopt;
    if constexpr (std::is_same_v<T, std::string> || std::is_same_v<T, secret>) {
      if (found->empty())
        return std::nullopt;
    }
    return *found;
  };
  auto set = [reach](rails_config& config, value_type x) { *reach(config) = std::move(x); };
  return {get, set};
}

template <class T>
auto in_llm(T llm_config::*member) {
  return reached_by<T>([member](auto& config) { return config.llm ? &((*config.llm).*member) : nullptr; });
}

template <class Part, class T>
auto in_llm(Part llm_config::*part, T Part::*member) {
  return reached_by<T>(
    [part, member](auto& config) { return config.llm ? &((*config.llm).*part.*member) : nullptr; });
}

template <class T>
auto in_guardrails(T guardrails_config::*member) {
  return reached_by<T>([member](auto& config) { return &(config.guardrails.*member); });
}

/// A value within a section that may be absent.
template <class Section, class T>
auto in_section(std::optional<Section> guardrails_config::*section, T Section::*member) {
  return reached_by<T>([section, member](auto& config) {
    auto& found = config.guardrails.*section;
    return found ? &((*found).*member) : nullptr;
  });
}

template <class T>
auto in_judge(judge_config guardrails_config::*judge, T judge_config::*member) {
  return reached_by<T>([judge, member](auto& config) { return &(config.guardrails.*judge.*member); });
}

template <class Part, class T>
auto in_judge(judge_config guardrails_config::*judge, Part judge_config::*part, T Part::*member) {
  return reached_by<T>(
    [judge, part, member](auto& config) { return &(config.guardrails.*judge.*part.*member); });
}

template <class T>
auto in_exfiltration(T data_exfiltration_config::*member) {
  return reached_by<T>([member](auto& config) { return &(config.guardrails.data_exfiltration.*member); });
}

template <class Part, class T>
auto in_exfiltration(Part data_exfiltration_config::*part, T Part::*member) {
  return reached_by<T>(
    [part, member](auto& config) { return &(config.guardrails.data_exfiltration.*part.*member); });
}

template <class T>
auto in_token_budget(T token_budget_config::*member) {
  return reached_by<T>([member](auto& config) { return &(config.guardrails.token_budget.*member); });
}

template <class T>
auto in_pii(T pii_config::*member) {
  return reached_by<T>([member](auto& config) { return &(config.guardrails.pii.*member); });
}

/// A key under construction.
struct key_entry {
  key made;

  /// Only these engines know the key.
  key_entry only(engine_set engines) && {
    made.engines = engines;
    return std::move(*this);
  }

  key_entry required_by(engine_set engines) && {
    made.required_by = engines;
    return std::move(*this);
  }

  /// The key switches a check.
  key_entry check() && {
    made.check = true;
    return std::move(*this);
  }

  /// Says the default where it is no fixed value.
  key_entry by_default(std::string words) && {
    made.default_words = std::move(words);
    return std::move(*this);
  }

  /// Where it is not set, it has the value of another key.
  key_entry follows(std::string path) && {
    made.default_words = "as " + path;
    made.follows = std::move(path);
    return std::move(*this);
  }

  /// It counts as not set where `applies` does not hold.
  key_entry where(std::function<bool(const rails_config&)> applies) && {
    made.write = [write = made.write, applies = std::move(applies)](const rails_config& config) {
      return applies(config) ? write(config) : std::nullopt;
    };
    return std::move(*this);
  }

  /// How the value is shown, where not all of it may be.
  key_entry shown_as(std::string (*shown)(const std::string&)) && {
    made.write = [write = made.write, shown](const rails_config& config) {
      auto text = write(config);
      return text ? std::optional{shown(*text)} : text;
    };
    return std::move(*this);
  }

  operator key() && { return std::move(made); } // an entry is complete wherever a key is wanted
};

template <class Field>
key_entry value(std::string path, Field field, limits allowed, std::string doc) {
  using T = typename Field::type;
  key made;
  made.path = std::move(path);
  made.doc = std::move(doc);
  made.type = type_words<T>(allowed);
  made.allowed = allowed_words<T>(allowed);
  made.secret = std::is_same_v<T, secret>;
  made.read = [field, allowed](rails_config& config, const place& at) {
    field.set(config, parse<T>(at, allowed));
  };
  made.write = [field](const rails_config& config) -> std::optional<std::string> {
    const auto current = field.get(config);
    return current ? std::optional{format(*current)} : std::nullopt;
  };
  made.same = [field](const rails_config& left, const rails_config& right) {
    const auto a = field.get(left);
    const auto b = field.get(right);
    return a.has_value() == b.has_value() && (!a || equal(*a, *b));
  };
  return {std::move(made)};
}

inline key_entry section(std::string path, std::string doc) {
  key made;
  made.path = std::move(path);
  made.kind = key_kind::section;
  made.type = "section";
  made.doc = std::move(doc);
  return {std::move(made)};
}

/// A section of a check that is on when the section is present.
template <class Section>
key check_section(std::string path, std::optional<Section> guardrails_config::*member, std::string doc) {
  key made = section(std::move(path), std::move(doc)).check();
  made.may_be_false = true;
  made.open = [member](rails_config& config) { (config.guardrails.*member).emplace(); };
  made.present = [member](const rails_config& config) { return (config.guardrails.*member).has_value(); };
  return made;
}

/// A documented key that this version does not have yet.
inline key_entry missing(std::string path, missing_form form, std::string doc) {
  key made;
  made.path = std::move(path);
  made.kind = key_kind::missing;
  made.form = form;
  made.type = form == missing_form::flag ? "boolean" : form == missing_form::section ? "section" : "value";
  made.doc = std::move(doc);
  return {std::move(made)};
}

} // namespace guardrails::config
