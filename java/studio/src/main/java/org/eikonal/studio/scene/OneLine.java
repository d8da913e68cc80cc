package org.eikonal.studio.scene;

/** Texts of files in messages: names, keys and values may hold line breaks and terminal codes, or be endless. */
public final class OneLine {
    private static final int LONGEST_VALUE = 80;

    private OneLine() {}

    /** @return the text on one line, with a question mark for each character that is none to see */
    public static String of(String text) {
        return text.strip().replaceAll("\\s+", " ").replaceAll("\\p{C}", "?");
    }

    /** @return the value, or its beginning where it is long */
    public static String shortened(String value) {
        return value.length() <= LONGEST_VALUE ? value : value.substring(0, LONGEST_VALUE) + "...";
    }
}
