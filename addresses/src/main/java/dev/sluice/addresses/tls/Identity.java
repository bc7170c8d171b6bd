package dev.sluice.addresses.tls;

import dev.sluice.catalog.OpenFailure;
import dev.sluice.option.Options;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Locale;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/** Our own certificate with its chain, and its key: offered to whoever asks for one that fits. */
final class Identity extends X509ExtendedKeyManager {
  private static final String ALIAS = "own";

  private final X509Certificate[] chain;
  private final PrivateKey key;

  private Identity(List<X509Certificate> chain, PrivateKey key) {
    this.chain = chain.toArray(X509Certificate[]::new);
    this.key = key;
  }

  /** What the options name; null when they name no certificate. Reads files. */
  static @Nullable Identity of(Options options) {
    String certificate = options.find(TlsOptions.CERTIFICATE).orElse(null);
    if (certificate == null) {
      return null;
    }
    String keyFile = options.get(TlsOptions.KEY, certificate);
    List<X509Certificate> chain =
        new Pem(Path.of(certificate), "SSL_CTX_use_certificate_file").certificates();
    PrivateKey key =
        new Pem(Path.of(keyFile), "SSL_CTX_use_PrivateKey_file").key(() -> passphrase(options));
    if (!fits(chain.get(0), key)) {
      throw OpenFailure.lasting(
          "SSL_CTX_use_PrivateKey_file(): error:05800074:x509 certificate routines::key values mismatch");
    }
    return new Identity(chain, key);
  }

  private static boolean fits(X509Certificate certificate, PrivateKey key) {
    if (certificate.getPublicKey() instanceof java.security.interfaces.RSAPublicKey open
        && key instanceof java.security.interfaces.RSAPrivateKey secret) {
      return open.getModulus().equals(secret.getModulus());
    }
    return family(certificate.getPublicKey().getAlgorithm()).equals(family(key.getAlgorithm()));
  }

  private static String family(String algorithm) {
    return switch (algorithm) {
      case "ECDSA", "EC" -> "EC";
      case "Ed25519", "Ed448", "EdDSA" -> "EdDSA";
      default -> algorithm;
    };
  }

  private static char @Nullable [] passphrase(Options options) {
    String given = options.find(TlsOptions.PASSPHRASE).orElse(null);
    if (given == null) {
      return null;
    }
    int colon = given.indexOf(':');
    String source = colon < 0 ? "" : given.substring(0, colon);
    String rest = given.substring(colon + 1);
    return switch (source) {
      case "pass" -> rest.toCharArray();
      case "env" -> {
        String value = System.getenv(rest);
        if (value == null) {
          throw OpenFailure.lasting("passphrase: there is no variable " + rest);
        }
        yield value.toCharArray();
      }
      case "file" -> {
        try {
          List<String> lines = Files.readAllLines(Path.of(rest));
          yield lines.isEmpty() ? new char[0] : lines.get(0).toCharArray();
        } catch (IOException e) {
          throw OpenFailure.lasting("passphrase: " + rest + " cannot be read: " + e.getMessage());
        }
      }
      default ->
          throw OpenFailure.lasting("passphrase must be pass:TEXT, env:VARIABLE or file:PATH");
    };
  }

  /** Whether a key of that type is what we have; JSSE's types are such as RSA, EC, EC_RSA. */
  private @Nullable String ifType(String type) {
    String own = family(key.getAlgorithm());
    String wanted = family(type.toUpperCase(Locale.ROOT).startsWith("EC") ? "EC" : type);
    return wanted.equals(own) || (own.equals("RSA") && wanted.startsWith("RSA")) ? ALIAS : null;
  }

  private @Nullable String ifOneOf(String[] types) {
    for (String type : types) {
      if (ifType(type) != null) {
        return ALIAS;
      }
    }
    return null;
  }

  @Override
  public @Nullable String chooseEngineServerAlias(
      String type, Principal @Nullable [] issuers, SSLEngine engine) {
    return ifType(type);
  }

  @Override
  public @Nullable String chooseEngineClientAlias(
      String[] types, Principal @Nullable [] issuers, SSLEngine engine) {
    return ifOneOf(types);
  }

  @Override
  public @Nullable String chooseServerAlias(
      String type, Principal @Nullable [] issuers, Socket socket) {
    return ifType(type);
  }

  @Override
  public @Nullable String chooseClientAlias(
      String[] types, Principal @Nullable [] issuers, Socket socket) {
    return ifOneOf(types);
  }

  @Override
  public String[] getClientAliases(String type, Principal @Nullable [] issuers) {
    return new String[] {ALIAS};
  }

  @Override
  public String[] getServerAliases(String type, Principal @Nullable [] issuers) {
    return new String[] {ALIAS};
  }

  @Override
  public X509Certificate[] getCertificateChain(String alias) {
    return chain.clone();
  }

  @Override
  public PrivateKey getPrivateKey(String alias) {
    return key;
  }
}
