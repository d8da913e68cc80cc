package org.eikonal.studio.photos;

/** Told how the placing of photos goes, on the thread that asked for it. */
public interface PlacingListener {
    /** Hears nothing, and never stops. */
    PlacingListener NONE = new PlacingListener() {
        @Override
        public void progress(Stage stage, int done, int total) {
            // Nobody wants to know.
        }

        @Override
        public void note(String line) {
            // Nor this.
        }
    };

    /** What is done, in this order. */
    enum Stage {
        /** The sharpest frames of a film are looked for; counted in frames of the film. */
        FRAMES("choosing frames", " frames"),
        /** Features are found in each photo. */
        FEATURES("finding features", " photos"),
        /** Features of photos are matched; counted in blocks of pairs, or in photos. */
        MATCHING("matching", ""),
        /** Photos are placed one by one; not all need to be. */
        PLACING("placing", " photos");

        private final String task;
        private final String unit;

        Stage(String task, String unit) {
            this.task = task;
            this.unit = unit;
        }

        /** @return what is done, in a word or two */
        public String task() {
            return task;
        }

        /** @return what is counted, with a space before it; may be empty */
        public String unit() {
            return unit;
        }
    }

    /**
     * How far a stage is.
     *
     * @param done 0 to {@code total}
     * @param total above 0, the same throughout a stage
     */
    void progress(Stage stage, int done, int total);

    /** Something that the user should know, in one line: what was chosen, what was left out. */
    void note(String line);

    /** @return whether to stop; asked several times a second, on any thread */
    default boolean isCancelled() {
        return false;
    }
}
