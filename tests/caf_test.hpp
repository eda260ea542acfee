// CAF's test framework in the spelling of 1.x (WITH_FIXTURE and TEST), carried back to 0.17 and 0.18.
// Define CAF_SUITE, then write TEST("sentence") { CHECK(...); CHECK_EQ(a, b); REQUIRE(...); }. The checks
// belong in the body of a test or in a lambda there that captures `this`: on 1.x they are its members.
#pragma once

#include <guardrails/caf.hpp>

#if GUARDRAILS_CAF_BEFORE(1, 0)
#ifndef CAF_SUITE
#error "define CAF_SUITE before including caf_test.hpp"
#endif
#include <caf/test/dsl.hpp>
// The framework's short macros would rewrite our own names.
#undef allow
#undef disallow
#undef expect
#undef inject
// Formatters of different versions indent the alias in different ways.
// clang-format off
#define WITH_FIXTURE(type)                                                                                   \
  namespace CAF_UNIQUE(with_fixture) {                                                                       \
  using caf_test_case_auto_fixture = type;                                                                   \
  }                                                                                                          \
  namespace CAF_UNIQUE(with_fixture)
// clang-format on
#define TEST(description) CAF_TEST_IMPL(description, false)
#define CHECK(condition) CAF_CHECK(condition)
#define CHECK_EQ(left, right) CAF_CHECK_EQUAL(left, right)
#define REQUIRE(condition) CAF_REQUIRE(condition)
#else
#include <caf/test/caf_test_main.hpp>
#include <caf/test/fixture/deterministic.hpp>
#include <caf/test/test.hpp>
#define CHECK(condition) this->check(condition)
#define CHECK_EQ(left, right) this->check_eq(left, right)
#define REQUIRE(condition) this->require(condition)
#endif
