// Reading JSON configurations (RFC 8259), and the reader that turns an object into checked values: a misspelt key is an
// error that lists the right ones, a value out of range one that names the limits.
#pragma once
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace eik {

class Json {
 public:
  enum class Type { null, boolean, number, string, array, object };

  static Json parse(std::string_view text);  // throws Error with line and column; nesting is limited to 64

  Type type = Type::null;
  bool boolean = false;
  double number = 0;
  std::string string;
  std::vector<Json> array;
  std::vector<std::pair<std::string, Json>> object;

  const Json* find(const std::string& key) const;
};

std::string quoted(std::string_view text);  // as JSON writes a string
std::string cited(std::string_view text);   // for messages: of a long text its beginning
std::string shown(double x);  // as short as it can be

// Equal but for the case of letters: how names are compared.
bool is(std::string_view a, std::string_view b);

// Reads one object key by key. what names it in messages, as in "encoding HashGrid".
class Keys {
 public:
  Keys(const Json& json, std::string what);

  double number(const std::string& key, double fallback, double low, double high);
  int integer(const std::string& key, int fallback, int low, int high);
  bool boolean(const std::string& key, bool fallback);
  std::string string(const std::string& key, const std::string& fallback);
  // The index of the value among names; an unknown name is an error that lists them.
  int choice(const std::string& key, const std::string& fallback, const std::vector<std::string>& names);
  std::vector<double> numbers(const std::string& key);  // a list; empty if absent
  const Json* child(const std::string& key);            // NULL if absent
  // Allows keys that other tools write and that mean nothing here.
  void ignore(std::initializer_list<const char*> keys);
  void finish() const;  // throws on keys that were never asked for
  const std::string& what() const { return what_; }

 private:
  const Json* take(const std::string& key, Json::Type type, const char* type_name);
  const Json& json_;
  std::string what_;
  std::set<std::string> known_;
};

}  // namespace eik
