// Tokens of code hosting, package registries, builds and deployment.
#include "checks/secrets/token_format.hpp"

#include <array>

namespace guardrails::checks::secrets {

std::span<const token_format> code_hosting_tokens() {
  static constexpr auto formats = std::to_array<token_format>({
    {"GITHUB_TOKEN", "ghp_", "[0-9A-Za-z]{36}"},
    {"GITHUB_TOKEN", "gho_", "[0-9A-Za-z]{36}"},
    {"GITHUB_TOKEN", "ghu_", "[0-9A-Za-z]{36}"},
    {"GITHUB_TOKEN", "ghs_", "[0-9A-Za-z]{36}"},
    {"GITHUB_TOKEN", "ghr_", "[0-9A-Za-z]{36,76}"},
    {"GITHUB_TOKEN", "github_pat_", "[0-9A-Za-z_]{82}"},
    {"GITLAB_TOKEN", "glpat-", "(?:[0-9A-Za-z_-]{20}|[0-9A-Za-z_-]{27,300}\\.[0-9a-z]{9})"},
    {"GITLAB_TOKEN", "gldt-", "[0-9A-Za-z_-]{20}"},
    {"GITLAB_TOKEN", "glft-", "[0-9A-Za-z_-]{20}"},
    {"GITLAB_TOKEN", "glffct-", "[0-9A-Za-z_-]{20}"},
    {"GITLAB_TOKEN", "glsoat-", "[0-9A-Za-z_-]{20,50}"},
    {"GITLAB_TOKEN", "glimt-", "[0-9A-Za-z_-]{25}"},
    {"GITLAB_TOKEN", "glptt-", "[0-9A-Za-z_-]{40}"},
    {"GITLAB_TOKEN", "glagent-", "[0-9A-Za-z_-]{50,200}"},
    {"GITLAB_TOKEN", "gloas-", "[0-9A-Za-z_-]{64}"},
    {"GITLAB_TOKEN", "glcbt-", "[0-9A-Za-z]{1,5}_[0-9A-Za-z_-]{20}"},
    {"GITLAB_TOKEN", "glrt-", "(?:[0-9A-Za-z_-]{20}|t[0-9]_[0-9A-Za-z_-]{27,300}\\.[0-9a-z]{9})"},
    {"GITLAB_TOKEN", "glrtr-", "[0-9A-Za-z_-]{20,300}(?:\\.[0-9a-z]{9})?"},
    {"GITLAB_TOKEN", "GR1348941", "[0-9A-Za-z_-]{20}"},
    {"GITLAB_SESSION", "_gitlab_session=", "[0-9a-z]{32}"},
    {"BITBUCKET_APP_PASSWORD", "ATBB", "[0-9A-Za-z]{32}"},
    {"BITBUCKET_TOKEN", "ATCTT3", "[0-9A-Za-z_=-]{100,260}"},
    {"ATLASSIAN_TOKEN", "ATATT3", "[0-9A-Za-z_=-]{100,260}"},
    {"NPM_TOKEN", "npm_", "[0-9A-Za-z]{36}"},
    {"PYPI_TOKEN", "pypi-AgE", "[0-9A-Za-z_-]{60,800}"},
    {"RUBYGEMS_API_KEY", "rubygems_", "[0-9a-f]{48}"},
    {"CLOJARS_TOKEN", "CLOJARS_", "[0-9A-Za-z]{60}"},
    {"NUGET_API_KEY", "oy2", "[0-9a-z]{43}"},
    {"CRATES_IO_TOKEN", "cio", "[0-9A-Za-z]{32}", 3.5},
    {"DOCKER_HUB_TOKEN", "dckr_pat_", "[0-9A-Za-z_-]{27}"},
    {"DOCKER_HUB_TOKEN", "dckr_oat_", "[0-9A-Za-z_-]{32}"},
    {"ARTIFACTORY_API_KEY", "AKCp", "[0-9A-Za-z]{69}"},
    {"ARTIFACTORY_TOKEN", "cmVmd", "[0-9A-Za-z]{59}"},
    {"SOURCEGRAPH_TOKEN", "sgp_", "(?:(?:local|[0-9A-Fa-f]{16})_)?[0-9A-Fa-f]{40}"},
    {"SOURCEGRAPH_TOKEN", "slk_", "[0-9a-f]{64}"},
    {"CIRCLECI_TOKEN", "CCIPAT_", "[0-9A-Za-z]{22}_[0-9a-f]{40}"},
    {"BUILDKITE_TOKEN", "bkua_", "[0-9a-f]{40}"},
    {"SONAR_TOKEN", "squ_", "[0-9A-Za-z]{40}"},
    {"SONAR_TOKEN", "sqp_", "[0-9A-Za-z]{40}"},
    {"SONAR_TOKEN", "sqa_", "[0-9A-Za-z]{40}"},
    {"POSTMAN_API_KEY", "PMAK-", "[0-9A-Fa-f]{24}-[0-9A-Fa-f]{34}"},
    {"POSTMAN_TOKEN", "PMAT-", "[0-9A-Z]{26}"},
    {"PREFECT_API_KEY", "pnu_", "[0-9A-Za-z]{36}"},
    {"PREFECT_API_KEY", "pnb_", "[0-9A-Za-z]{36}"},
    {"HARNESS_TOKEN", "pat.", "[0-9A-Za-z_-]{22}\\.[0-9A-Za-z]{24}\\.[0-9A-Za-z]{20}"},
    {"HARNESS_TOKEN", "sat.", "[0-9A-Za-z_-]{22}\\.[0-9A-Za-z]{24}\\.[0-9A-Za-z]{20}"},
    {"OCTOPUS_API_KEY", "API-", "[0-9A-Z]{26}"},
    {"README_API_KEY", "rdme_", "[0-9a-z]{70}"},
    {"SNYK_TOKEN", "snyk_uat.", "[0-9A-Za-z]{8}\\.[0-9A-Za-z_-]{20,100}"},
    {"ENDOR_LABS_TOKEN", "endr+", "[0-9A-Za-z-]{16}"},
    {"SIDEKIQ_CREDENTIAL", "BUNDLE_ENTERPRISE__CONTRIBSYS__COM",
     " {0,2}[:=]{1,2} {0,2}[\"']?[0-9a-f]{8}:[0-9a-f]{8}", 2},
    {"SIDEKIQ_CREDENTIAL", "BUNDLE_GEMS__CONTRIBSYS__COM",
     " {0,2}[:=]{1,2} {0,2}[\"']?[0-9a-f]{8}:[0-9a-f]{8}", 2},
  });
  return formats;
}

} // namespace guardrails::checks::secrets
