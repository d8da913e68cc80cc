package org.eikonal.studio.scene;

/** What a view is for. Pixels of {@link #VAL} and {@link #TEST} are never trained on. */
public enum Split {
    /** Supervises the training. */
    TRAIN,
    /** Held out, to choose settings by. */
    VAL,
    /** Held out, to be measured by at the end. */
    TEST
}
