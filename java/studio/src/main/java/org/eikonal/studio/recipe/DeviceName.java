package org.eikonal.studio.recipe;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which device is meant, as PyTorch spells it.
 *
 * @param type {@code "auto"}, {@code "cpu"} or {@code "cuda"}
 * @param index of the GPU; 0, the first, if none is spelt
 */
record DeviceName(String type, int index) {
    /** What is said of another spelling. */
    static final String REMEDY = "it must be auto, cpu, cuda, or cuda:N for the GPU of index N, 0 to 1023";

    private static final int LAST = 1023;
    private static final Pattern INDEXED = Pattern.compile("cuda:(0|[1-9][0-9]{0,3})");

    /** @return nothing if no device is spelt so */
    static Optional<DeviceName> parse(String text) {
        if (List.of("auto", "cpu", "cuda").contains(text)) {
            return Optional.of(new DeviceName(text, 0));
        }
        Matcher indexed = INDEXED.matcher(text);
        if (!indexed.matches() || Integer.parseInt(indexed.group(1)) > LAST) {
            return Optional.empty();
        }
        return Optional.of(new DeviceName("cuda", Integer.parseInt(indexed.group(1))));
    }

    /** @throws ConfigException if no device is spelt so */
    static DeviceName of(String text) {
        return parse(text).orElseThrow(() -> new ConfigException("device is " + text + "; " + REMEDY));
    }
}
