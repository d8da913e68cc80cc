import static org.junit.jupiter.api.Assertions.assertEquals;

import clojure.java.api.Clojure;
import org.junit.jupiter.api.Test;

/** Runs {@code clojure_test.clj}; a call that would be resolved by reflection at run time counts as a failure. */
class ClojureTest {
    @Test
    void aFieldReadsWellFromClojure() {
        assertEquals("", Clojure.var("clojure.core", "load-string").invoke("""
                (ns run (:require [clojure.test :as test]))
                (def messages (java.io.StringWriter.))
                (binding [*warn-on-reflection* true, *err* messages]
                  (require 'clojure-test))
                (binding [test/*test-out* messages]
                  (let [{:keys [fail error]} (test/run-tests 'clojure-test)
                        warnings (re-find #"Reflection warning.*" (str messages))]
                    (if (or warnings (pos? (+ fail error))) (str messages) "")))
                """));
    }
}
