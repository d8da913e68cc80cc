package org.eikonal.studio.view;

import io.javalin.http.Context;
import io.javalin.http.ForbiddenResponse;
import java.net.InetAddress;
import java.net.InterfaceAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/**
 * Who gets in. Host headers must name this server, so that no foreign name that was made to point here does (DNS
 * rebinding); an Origin, if there is one, must be this server's, so that no other page speaks through a visitor's
 * browser. Where the server is not on loopback alone, a token is demanded, too: as {@code token} in the first address,
 * then as the cookie that this sets.
 */
final class Gate {
    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");

    private final Set<String> names = new TreeSet<>(LOOPBACK);
    private final String host;
    private final String token;

    /**
     * @param host to bind to; null: loopback
     * @throws UnknownHostException if there is no such host
     */
    Gate(String host) throws UnknownHostException {
        this.host = host == null ? "127.0.0.1" : host;
        if (host == null) {
            token = null;
            return;
        }
        byte[] random = new byte[16];
        new SecureRandom().nextBytes(random);
        token = HexFormat.of().formatHex(random);
        names.add(host.toLowerCase(Locale.ROOT));
        if (InetAddress.getByName(host).isAnyLocalAddress()) {
            addOwnNames();
        }
    }

    private void addOwnNames() {
        try {
            names.add(InetAddress.getLocalHost().getHostName().toLowerCase(Locale.ROOT));
            NetworkInterface.networkInterfaces().flatMap(each -> each.getInterfaceAddresses().stream())
                    .map(InterfaceAddress::getAddress).forEach(address -> names.add(literal(address)));
        } catch (SocketException | UnknownHostException e) {
            // Then there are the names that were given.
        }
    }

    private static String literal(InetAddress address) {
        String text = address.getHostAddress();
        return text.contains(":") ? "[" + text.replaceFirst("%.*", "") + "]" : text;
    }

    /** @return the name to bind to */
    String host() {
        return host;
    }

    /** @return the link to the page */
    String link(int port) throws UnknownHostException {
        String name = token != null && InetAddress.getByName(host).isAnyLocalAddress()
                ? InetAddress.getLocalHost().getHostName() : host;
        name = name.contains(":") && !name.startsWith("[") ? "[" + name + "]" : name;
        return "http://" + name + ":" + port + "/" + (token == null ? "" : "?token=" + token);
    }

    /**
     * Lets a request in.
     *
     * @param port that the server listens at
     * @throws ForbiddenResponse with one line, if it may not
     */
    void check(Context request, int port) {
        String asked = request.header("Host");
        if (asked == null || !isOurs(asked.toLowerCase(Locale.ROOT))) {
            throw new ForbiddenResponse("this server has another name; open the link that it printed");
        }
        String origin = request.header("Origin");
        if (origin != null && !origin.equalsIgnoreCase("http://" + asked)) {
            throw new ForbiddenResponse("pages of other servers may not speak to this one");
        }
        if (token == null) {
            return;
        }
        String cookie = "eikonal-" + port;
        if (isToken(request.queryParam("token"))) {
            request.header("Set-Cookie", cookie + "=" + token + "; Path=/; HttpOnly; SameSite=Strict");
        } else if (!isToken(request.cookie(cookie))) {
            throw new ForbiddenResponse("the token is missing or wrong; open the link that the program printed");
        }
    }

    private boolean isOurs(String asked) {
        // Any port: a tunnel has its own.
        return names.contains(asked.replaceFirst(":[0-9]{1,5}$", ""));
    }

    /** Takes as long whatever was given. */
    private boolean isToken(String given) {
        return given != null && MessageDigest.isEqual(given.getBytes(StandardCharsets.UTF_8),
                token.getBytes(StandardCharsets.UTF_8));
    }
}
