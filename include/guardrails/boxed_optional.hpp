// An optional value on the heap: one pointer wide while empty, for large members that are mostly absent.
#pragma once

#include <memory>
#include <optional>
#include <utility>
#include <vector>

namespace guardrails {

/// Behaves like std::optional<T>: copies deeply, compares with std::nullopt, throws std::bad_optional_access.
template <class T>
class boxed_optional {
public:
  using value_type = T;
  using wire_type = std::vector<T>; ///< none or one element; see wire_convertible in caf.hpp

  boxed_optional() noexcept = default;
  boxed_optional(std::nullopt_t) noexcept {}
  boxed_optional(T value)
    : box_{std::make_unique<T>(std::move(value))} {}
  boxed_optional(std::optional<T> value) {
    if (value)
      box_ = std::make_unique<T>(std::move(*value));
  }
  boxed_optional(const boxed_optional& other)
    : box_{other ? std::make_unique<T>(*other) : nullptr} {}
  boxed_optional(boxed_optional&&) noexcept = default;
  boxed_optional& operator=(boxed_optional other) noexcept {
    box_ = std::move(other.box_);
    return *this;
  }
  ~boxed_optional() = default;

  bool has_value() const noexcept { return box_ != nullptr; }
  explicit operator bool() const noexcept { return has_value(); }

  T& operator*() noexcept { return *box_; }
  const T& operator*() const noexcept { return *box_; }
  T* operator->() noexcept { return box_.get(); }
  const T* operator->() const noexcept { return box_.get(); }

  T& value() & { return has_value() ? *box_ : throw std::bad_optional_access{}; }
  const T& value() const& { return has_value() ? *box_ : throw std::bad_optional_access{}; }
  T value() && { return has_value() ? std::move(*box_) : throw std::bad_optional_access{}; }

  template <class... Args>
  T& emplace(Args&&... args) {
    box_ = std::make_unique<T>(std::forward<Args>(args)...);
    return *box_;
  }
  void reset() noexcept { box_.reset(); }

  wire_type to_wire() const { return has_value() ? wire_type{*box_} : wire_type{}; }
  static boxed_optional from_wire(wire_type wire) {
    return wire.empty() ? boxed_optional{} : boxed_optional{std::move(wire.front())};
  }

private:
  std::unique_ptr<T> box_;
};

} // namespace guardrails
