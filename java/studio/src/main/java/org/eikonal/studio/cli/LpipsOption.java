package org.eikonal.studio.cli;

import java.nio.file.Path;
import org.eikonal.studio.quality.Lpips;
import picocli.CommandLine.Option;

/** {@code --lpips}, for commands that measure. */
final class LpipsOption {
    @Option(names = "--lpips", paramLabel = "NETWORK.onnx",
            description = "Also measure LPIPS, by a network of yours: two pictures of shape [1,3,height,width] from -1"
                    + " to 1 in, one number out. It needs ONNX Runtime's jar in the folder plugins (default: none).")
    private Path network;

    /** @return null if nobody asked for it */
    Lpips open() {
        return network == null ? null : Lpips.open(network);
    }
}
