#include "core/json.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "core/error.h"

namespace eik {
namespace {

constexpr int kMaxDepth = 64;

class Parser {
 public:
  explicit Parser(std::string_view text) : text_(text) {}

  Json document() {
    Json value = parse(0);
    skip();
    if (at_ != text_.size()) fail("text after the end of the value");
    return value;
  }

 private:
  [[noreturn]] void fail(const std::string& why) const {
    size_t line = 1, column = 1;
    for (size_t i = 0; i < at_ && i < text_.size(); ++i) {
      if (text_[i] == '\n') {
        ++line;
        column = 1;
      } else {
        ++column;
      }
    }
    invalid("JSON configuration, line " + std::to_string(line) + ", column " + std::to_string(column) + ": " + why);
  }

  void skip() {
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\t' || text_[at_] == '\n' || text_[at_] == '\r'))
      ++at_;
  }
  char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }
  bool eat(char c) {
    skip();
    if (peek() != c) return false;
    ++at_;
    return true;
  }
  void word(std::string_view w) {
    if (text_.substr(at_, w.size()) != w) fail("expected a value");
    at_ += w.size();
  }

  Json parse(int depth) {
    if (depth > kMaxDepth) fail("nested deeper than " + std::to_string(kMaxDepth));
    skip();
    Json value;
    switch (peek()) {
      case '{': {
        value.type = Json::Type::object;
        ++at_;
        if (eat('}')) return value;
        do {
          skip();
          std::string key = text();
          if (value.find(key)) fail("key " + cited(key) + " stands twice");
          if (!eat(':')) fail("expected ':' after " + cited(key));
          value.object.emplace_back(std::move(key), parse(depth + 1));
        } while (eat(','));
        if (!eat('}')) fail("expected ',' or '}'");
        return value;
      }
      case '[': {
        value.type = Json::Type::array;
        ++at_;
        if (eat(']')) return value;
        do value.array.push_back(parse(depth + 1));
        while (eat(','));
        if (!eat(']')) fail("expected ',' or ']'");
        return value;
      }
      case '"':
        value.type = Json::Type::string;
        value.string = text();
        return value;
      case 't':
        word("true");
        value.type = Json::Type::boolean;
        value.boolean = true;
        return value;
      case 'f':
        word("false");
        value.type = Json::Type::boolean;
        return value;
      case 'n':
        word("null");
        return value;
      default: {
        value.type = Json::Type::number;
        const char* begin = text_.data() + at_;
        const auto [end, error] = std::from_chars(begin, text_.data() + text_.size(), value.number);
        if (error != std::errc() || !std::isfinite(value.number)) fail("expected a value");
        at_ += static_cast<size_t>(end - begin);
        return value;
      }
    }
  }

  std::string text() {
    if (peek() != '"') fail("expected a string");
    ++at_;
    std::string out;
    while (true) {
      if (at_ >= text_.size()) fail("the string does not end");
      const char c = text_[at_++];
      if (c == '"') return out;
      if (static_cast<unsigned char>(c) < 0x20) fail("control character in a string");
      if (c != '\\') {
        out += c;
        continue;
      }
      const char e = at_ < text_.size() ? text_[at_++] : '\0';
      switch (e) {
        case '"': case '\\': case '/': out += e; break;
        case 'b': out += '\b'; break;
        case 'f': out += '\f'; break;
        case 'n': out += '\n'; break;
        case 'r': out += '\r'; break;
        case 't': out += '\t'; break;
        case 'u': unicode(out); break;
        default: fail("unknown escape in a string");
      }
    }
  }

  void unicode(std::string& out) {
    unsigned code = 0;
    if (at_ + 4 > text_.size()) fail("the escape does not end");
    const char* begin = text_.data() + at_;
    if (std::from_chars(begin, begin + 4, code, 16).ptr != begin + 4) fail("expected four hexadecimal digits");
    at_ += 4;
    // Keys and names of configurations are ASCII; surrogate pairs come out as the two code points they are.
    if (code < 0x80) {
      out += static_cast<char>(code);
    } else if (code < 0x800) {
      out += static_cast<char>(0xc0 | code >> 6);
      out += static_cast<char>(0x80 | (code & 0x3f));
    } else {
      out += static_cast<char>(0xe0 | code >> 12);
      out += static_cast<char>(0x80 | (code >> 6 & 0x3f));
      out += static_cast<char>(0x80 | (code & 0x3f));
    }
  }

  std::string_view text_;
  size_t at_ = 0;
};

std::string joined(const std::vector<std::string>& names) {
  std::string out;
  for (const auto& name : names) out += (out.empty() ? "" : ", ") + name;
  return out;
}

}  // namespace

Json Json::parse(std::string_view text) { return Parser(text).document(); }

const Json* Json::find(const std::string& key) const {
  for (const auto& [name, value] : object)
    if (name == key) return &value;
  return nullptr;
}

std::string shown(double x) {
  char buffer[32];
  const auto end = std::to_chars(buffer, buffer + sizeof buffer, x).ptr;
  return std::string(buffer, end);
}

bool is(std::string_view a, std::string_view b) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [&](char x, char y) { return lower(x) == lower(y); });
}

std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += static_cast<unsigned char>(c) < 0x20 || c == 0x7f ? ' ' : c;
  }
  return out + '"';
}

std::string cited(std::string_view text) {
  constexpr size_t kLongest = 80;
  if (text.size() <= kLongest) return quoted(text);
  size_t end = kLongest;  // a whole character of UTF-8
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) --end;
  return quoted(std::string(text.substr(0, end)) + "...");
}

Keys::Keys(const Json& json, std::string what) : json_(json), what_(std::move(what)) {
  require(json.type == Json::Type::object, what_ + ": expected a JSON object");
}

const Json* Keys::take(const std::string& key, Json::Type type, const char* type_name) {
  known_.insert(key);
  const Json* value = json_.find(key);
  if (value && value->type != type) invalid(what_ + ": " + quoted(key) + " must be " + type_name);
  return value;
}

double Keys::number(const std::string& key, double fallback, double low, double high) {
  const Json* value = take(key, Json::Type::number, "a number");
  const double x = value ? value->number : fallback;
  require(x >= low && x <= high,
          what_ + ": " + quoted(key) + " is " + shown(x) + ", must be in [" + shown(low) + ", " + shown(high) + "]");
  return x;
}

int Keys::integer(const std::string& key, int fallback, int low, int high) {
  const double x = number(key, fallback, low, high);
  require(x == std::floor(x), what_ + ": " + quoted(key) + " is " + shown(x) + ", must be a whole number");
  return static_cast<int>(x);
}

bool Keys::boolean(const std::string& key, bool fallback) {
  const Json* value = take(key, Json::Type::boolean, "true or false");
  return value ? value->boolean : fallback;
}

std::string Keys::string(const std::string& key, const std::string& fallback) {
  const Json* value = take(key, Json::Type::string, "a string");
  return value ? value->string : fallback;
}

int Keys::choice(const std::string& key, const std::string& fallback, const std::vector<std::string>& names) {
  const std::string name = string(key, fallback);
  for (size_t i = 0; i < names.size(); ++i)
    if (is(names[i], name)) return static_cast<int>(i);
  invalid(what_ + ": " + quoted(key) + " is " + cited(name) + "; known are " + joined(names));
}

std::vector<double> Keys::numbers(const std::string& key) {
  std::vector<double> out;
  const Json* list = take(key, Json::Type::array, "a list of numbers");
  if (!list) return out;
  for (const Json& each : list->array) {
    require(each.type == Json::Type::number, what_ + ": " + quoted(key) + " must be a list of numbers");
    out.push_back(each.number);
  }
  return out;
}

const Json* Keys::child(const std::string& key) {
  known_.insert(key);
  return json_.find(key);
}

void Keys::ignore(std::initializer_list<const char*> keys) {
  for (const char* key : keys) known_.insert(key);
}

void Keys::finish() const {
  for (const auto& [key, value] : json_.object)
    require(known_.count(key) != 0, what_ + ": unknown key " + cited(key) + "; known are " +
                                        joined(std::vector<std::string>(known_.begin(), known_.end())));
}

}  // namespace eik
