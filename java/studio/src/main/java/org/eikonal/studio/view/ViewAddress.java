package org.eikonal.studio.view;

/**
 * Where a viewer listens.
 *
 * @param host the name or address to bind to; null: loopback, where no token is demanded
 * @param port 1 to 65535; null: 7007, or the next free one; 0: any free one
 */
public record ViewAddress(String host, Integer port) {
    static final int USUAL_PORT = 7007;
    static final int PORTS = 100;
}
