#include <fmt/format.h>

#include "app/person.h"

namespace buttress {

std::string describe_person(const Person& person) {
  const char* word = person.sex == Sex::male ? "man" : person.sex == Sex::female ? "woman" : "person";
  return fmt::format("{}, {:g} years, {:g} kg, {:g} m", word, person.age, person.mass, person.height);
}

}  // namespace buttress
