import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** An endpoint in plain Java: verifies each call and refuses orders of tenant "blocked". Run: SIGNING_KEY=whsec_... java Receiver.java */
public final class Receiver {
  private static final long TOLERANCE_SECONDS = 300;
  private static final int MOST_BYTES = 4 * 1024 * 1024;

  /** Judges {@code zitadel-signature: t=<seconds>,v1=<hex>[,v1=<hex>]}, before any part of the body is read. */
  static boolean verified(String header, byte[] body, String signingKey, long nowSeconds)
      throws GeneralSecurityException {
    if (header == null) return false;
    String time = null;
    for (String part : header.split(",")) if (part.startsWith("t=")) time = part.substring(2);
    if (time == null || !time.matches("[0-9]{1,12}")) return false;
    if (Math.abs(nowSeconds - Long.parseLong(time)) > TOLERANCE_SECONDS) return false;
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(signingKey.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
    mac.update((time + ".").getBytes(StandardCharsets.UTF_8));
    byte[] expected = HexFormat.of().formatHex(mac.doFinal(body)).getBytes(StandardCharsets.UTF_8);
    boolean fits = false;
    for (String part : header.split(","))
      if (part.startsWith("v1="))
        fits |= MessageDigest.isEqual(expected, part.substring(3).getBytes(StandardCharsets.UTF_8));
    return fits;
  }

  private static void handle(HttpExchange call) throws IOException {
    byte[] body = call.getRequestBody().readNBytes(MOST_BYTES);
    boolean fits;
    try {
      String header = call.getRequestHeaders().getFirst("zitadel-signature");
      fits = verified(header, body, System.getenv("SIGNING_KEY"), System.currentTimeMillis() / 1000);
    } catch (GeneralSecurityException error) {
      fits = false;
    }
    String text = new String(body, StandardCharsets.UTF_8);
    // Your own program reads the body with a JSON library.
    boolean refuse = text.contains("\"instanceID\":\"blocked\"");
    String said = "{\"forwardedStatusCode\":403,\"forwardedErrorMessage\":\"this tenant is blocked\"}";
    byte[] answer = fits && refuse ? said.getBytes(StandardCharsets.UTF_8) : new byte[0];
    call.getResponseHeaders().set("content-type", "application/json");
    call.sendResponseHeaders(fits ? 200 : 401, answer.length == 0 ? -1 : answer.length);
    if (answer.length > 0) call.getResponseBody().write(answer);
    call.close();
  }

  public static void main(String[] args) throws IOException {
    HttpServer server = HttpServer.create(new InetSocketAddress("127.0.0.1", args.length > 0 ? Integer.parseInt(args[0]) : 8080), 0);
    server.createContext("/", Receiver::handle);
    server.start();
    System.out.println(server.getAddress().getPort());
  }
}
