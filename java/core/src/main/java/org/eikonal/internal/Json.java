package org.eikonal.internal;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * JSON for configurations and descriptions: a few kilobytes, no dependency.
 *
 * <p>Objects are unmodifiable maps in the order of the text, arrays unmodifiable lists, numbers Long or Double.
 */
public final class Json {
    private static final int MAX_DEPTH = 64;
    private static final int LONGEST_SHOWN = 80;

    private final String text;
    private int at;
    private int depth;

    private Json(String text) {
        this.text = text;
    }

    /**
     * @param text one JSON object
     * @throws IllegalArgumentException naming the place and what is wrong there
     */
    public static Map<String, Object> parseObject(String text) {
        return object(new Json(text).document());
    }

    /**
     * @param text one JSON array
     * @throws IllegalArgumentException naming the place and what is wrong there
     */
    public static List<?> parseArray(String text) {
        return (List<?>) new Json(text).document();
    }

    /** @return {@code value} as a JSON object, with a clear error if it is none */
    @SuppressWarnings("unchecked")
    public static Map<String, Object> object(Object value) {
        if (!(value instanceof Map)) {
            throw new IllegalArgumentException("expected a JSON object like {\"otype\": ...}, found " + shortened(write(value)));
        }
        return (Map<String, Object>) value;
    }

    /**
     * @param value maps with text keys, lists, text, numbers, booleans and null, nested
     * @throws IllegalArgumentException for a number that JSON does not have, or a value of another type
     */
    public static String write(Object value) {
        StringBuilder out = new StringBuilder();
        write(value, out);
        return out.toString();
    }

    private static void write(Object value, StringBuilder out) {
        if (value instanceof Map<?, ?> map) {
            String separator = "{";
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                out.append(separator);
                quote((String) entry.getKey(), out);
                out.append(": ");
                write(entry.getValue(), out);
                separator = ", ";
            }
            out.append(map.isEmpty() ? "{}" : "}");
        } else if (value instanceof List<?> list) {
            String separator = "[";
            for (Object element : list) {
                out.append(separator);
                write(element, out);
                separator = ", ";
            }
            out.append(list.isEmpty() ? "[]" : "]");
        } else if (value instanceof String string) {
            quote(string, out);
        } else if (value instanceof Number number) {
            if (!Double.isFinite(number.doubleValue())) {
                throw new IllegalArgumentException("a configuration cannot hold the number " + number);
            }
            out.append(number);
        } else if (value == null || value instanceof Boolean) {
            out.append(value);
        } else {
            throw new IllegalArgumentException("a configuration cannot hold a " + value.getClass().getName());
        }
    }

    /** What a message tells of a value. */
    private static String shortened(String value) {
        return value.length() <= LONGEST_SHOWN ? value : value.substring(0, LONGEST_SHOWN) + "...";
    }

    private static void quote(String string, StringBuilder out) {
        out.append('"');
        for (int i = 0; i < string.length(); i++) {
            char c = string.charAt(i);
            if (c == '"' || c == '\\') {
                out.append('\\').append(c);
            } else if (c < ' ') {
                out.append(String.format("\\u%04x", (int) c));
            } else {
                out.append(c);
            }
        }
        out.append('"');
    }

    private Object document() {
        Object value = value();
        space();
        if (at < text.length()) {
            throw error("nothing more");
        }
        return value;
    }

    private Object value() {
        space();
        if (at >= text.length()) {
            throw error("a value");
        }
        switch (text.charAt(at)) {
            case '{':
                return map();
            case '[':
                return list();
            case '"':
                return string();
            case 't':
                return word("true", true);
            case 'f':
                return word("false", false);
            case 'n':
                return word("null", null);
            default:
                return number();
        }
    }

    private Map<String, Object> map() {
        enter();
        Map<String, Object> map = new LinkedHashMap<>();
        if (!taken('}')) {
            do {
                space();
                String key = string();
                expect(':');
                if (map.containsKey(key)) {
                    throw new IllegalArgumentException("JSON key " + shortened(write(key)) + " stands twice in one object");
                }
                map.put(key, value());
            } while (taken(','));
            expect('}');
        }
        depth--;
        return Collections.unmodifiableMap(map);
    }

    private List<Object> list() {
        enter();
        List<Object> list = new ArrayList<>();
        if (!taken(']')) {
            do {
                list.add(value());
            } while (taken(','));
            expect(']');
        }
        depth--;
        return Collections.unmodifiableList(list);
    }

    private void enter() {
        at++;
        if (++depth > MAX_DEPTH) {
            throw error("at most " + MAX_DEPTH + " levels of nesting");
        }
    }

    private String string() {
        if (at >= text.length() || text.charAt(at) != '"') {
            throw error("a text in double quotes");
        }
        StringBuilder string = new StringBuilder();
        for (at++; at < text.length(); at++) {
            char c = text.charAt(at);
            if (c == '"') {
                at++;
                return string.toString();
            } else if (c == '\\') {
                string.append(escape());
            } else if (c < ' ') {
                break;
            } else {
                string.append(c);
            }
        }
        throw error("the end of a text: \"");
    }

    private char escape() {
        at++;
        char c = at < text.length() ? text.charAt(at) : 0;
        int plain = "\"\\/bfnrt".indexOf(c);
        if (c != 0 && plain >= 0) {
            return "\"\\/\b\f\n\r\t".charAt(plain);
        }
        if (c == 'u' && at + 4 < text.length()) {
            try {
                char unit = (char) Integer.parseInt(text, at + 1, at + 5, 16);
                at += 4;
                return unit;
            } catch (NumberFormatException e) {
                throw error("four hexadecimal digits");
            }
        }
        throw error("an escape such as \\n");
    }

    private Object number() {
        int start = at;
        while (at < text.length() && "+-.eE0123456789".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
        String digits = text.substring(start, at);
        if (!digits.matches("-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][+-]?[0-9]+)?")) {
            at = start;
            throw error("a value");
        }
        double number = Double.parseDouble(digits);
        boolean whole = digits.matches("-?[0-9]{1,18}");
        return whole ? (Object) Long.parseLong(digits) : (Object) number;
    }

    private Object word(String word, Object meaning) {
        if (!text.startsWith(word, at)) {
            throw error("a value");
        }
        at += word.length();
        return meaning;
    }

    private boolean taken(char c) {
        space();
        if (at < text.length() && text.charAt(at) == c) {
            at++;
            return true;
        }
        return false;
    }

    private void expect(char c) {
        if (!taken(c)) {
            throw error("'" + c + "'");
        }
    }

    private void space() {
        while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
    }

    private IllegalArgumentException error(String expected) {
        String found = at >= text.length() ? "the end of the text"
                : Character.isISOControl(text.charAt(at)) ? "character " + (int) text.charAt(at)
                : "'" + text.charAt(at) + "'";
        return new IllegalArgumentException("JSON: expected " + expected + " at character " + (at + 1) + ", found " + found);
    }
}
