// Makes vectors out of hashes.
#include "apps/mock_llm/mock_llm_embeddings.hpp"

#include "llm/chat_codec.hpp"

#include <boost/json.hpp>
#include <openssl/evp.h>

#include <array>
#include <cstdint>
#include <cstring>

namespace guardrails::mock_llm {

namespace {

namespace json = boost::json;

using vector = std::array<float, 8>;

vector embed(std::string_view text) {
  vector numbers{};
  std::uint64_t hash = 0xcbf29ce484222325u; // FNV-1a
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    for (const char c : text)
      hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3u;
    hash = (hash ^ i) * 0x100000001b3u;
    numbers[i] = static_cast<float>(hash >> 40) / static_cast<float>(1u << 23) - 1;
  }
  return numbers;
}

std::string to_base64(const vector& numbers) {
  std::array<unsigned char, sizeof(vector)> bytes{};
  std::memcpy(bytes.data(), numbers.data(), bytes.size());
  std::array<unsigned char, 4 * ((sizeof(vector) + 2) / 3) + 1> text{};
  const auto size = EVP_EncodeBlock(text.data(), bytes.data(), static_cast<int>(bytes.size()));
  return {text.begin(), text.begin() + size};
}

json::value write(const vector& numbers, bool as_base64) {
  if (as_base64)
    return json::string(to_base64(numbers));
  json::array list;
  for (const auto number : numbers)
    list.push_back(number);
  return list;
}

} // namespace

std::optional<embedding_request> parse_embedding_request(std::string_view body) {
  boost::system::error_code problem;
  const auto value = json::parse({body.data(), body.size()}, problem);
  const auto* object = problem ? nullptr : value.if_object();
  const auto* input = object ? object->if_contains("input") : nullptr;
  if (!input)
    return std::nullopt;
  embedding_request request;
  if (const auto* model = object->if_contains("model"); model && model->is_string())
    request.model = std::string{model->get_string()};
  if (const auto* format = object->if_contains("encoding_format"))
    request.as_base64 = *format == "base64";
  if (input->is_string())
    request.texts.emplace_back(input->get_string());
  if (const auto* list = input->if_array())
    for (const auto& text : *list) {
      if (!text.is_string())
        return std::nullopt;
      request.texts.emplace_back(text.get_string());
    }
  return request.texts.empty() ? std::nullopt : std::optional{std::move(request)};
}

std::string embedding_body(const embedding_request& request) {
  json::array data;
  std::uint64_t tokens = 0;
  for (const auto& text : request.texts) {
    tokens += llm::estimate_tokens(text);
    data.push_back(json::object{
      {"object", "embedding"}, {"index", data.size()}, {"embedding", write(embed(text), request.as_base64)}});
  }
  return json::serialize(
    json::object{{"object", "list"},
                 {"data", std::move(data)},
                 {"model", request.model},
                 {"usage", json::object{{"prompt_tokens", tokens}, {"total_tokens", tokens}}}});
}

} // namespace guardrails::mock_llm
