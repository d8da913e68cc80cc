package org.eikonal.studio.scene;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.io.JsonEOFException;

/** What is wrong with a text that should be JSON, as a person wants to hear it. */
public final class JsonFault {
    private static final int LONGEST = 120;

    private JsonFault() {}

    /** @return such as {@code "damaged JSON at line 11, column 30 (it ends in the middle)"} */
    public static String describe(JsonProcessingException e) {
        JsonLocation at = e.getLocation();
        String where = at == null ? "" : " at line " + at.getLineNr() + ", column " + at.getColumnNr();
        // The parser's words without its advice to programmers.
        String what = e instanceof JsonEOFException ? "it ends in the middle"
                : e.getOriginalMessage().replaceFirst(", from `.*`\\)", ")");
        return "damaged JSON" + where + " (" + (what.length() <= LONGEST ? what : what.substring(0, LONGEST) + "...")
                + ")";
    }
}
