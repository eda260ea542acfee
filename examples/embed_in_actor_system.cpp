// llm_rails inside a program that has a CAF actor system of its own: an actor asks, the rails answer.
#include <guardrails/actors.hpp>
#include <guardrails/guardrails.hpp>

#include <iostream>

namespace {

struct settings : caf::actor_system_config {
  settings() { guardrails::enlist_types(*this); } // for CAF 0.17; does nothing from 0.18 on
};

/// Asks one question and ends. An actor never waits with get(): it requests and goes on.
void asker(caf::event_based_actor* self, guardrails::rails_actor rails, const std::string& question) {
  guardrails::generation_request request{{{"user", question}}, {}, {}};
  // `mail` is one spelling for every CAF release; your own CAF's works as well.
  guardrails::mail(self, std::move(request))
    .request(rails, caf::infinite)
    .then(
      [self](const guardrails::generation& result) {
        std::cout << (result.blocked ? "blocked: " : "answer: ") << result.final_response << '\n';
        self->quit();
      },
      [self](const caf::error&) { // the rails have ended
        std::cout << "no answer\n";
        self->quit();
      });
}

} // namespace

int main() {
  guardrails::announce_types(); // from CAF 0.18 on before the first configuration; nothing to do in 0.17
  settings config;
  caf::actor_system system{config};
  {
    guardrails::llm_rails rails{system, guardrails::rails_config::from_content("llm: {engine: echo}")};
    caf::scoped_actor self{system};
    for (const auto* question : {"What is an actor?", "My card is 4111 1111 1111 1111"}) {
      const guardrails::rails_actor handle = rails.handle();
      const auto one = system.spawn(asker, handle, std::string{question});
      self->wait_for(one);
    }
  } // the rails end before the system does
}
