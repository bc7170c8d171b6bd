package dev.sluice.addresses.tls;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.openssl.PEMDecryptorProvider;
import org.bouncycastle.openssl.PEMException;
import org.bouncycastle.openssl.jcajce.JcePEMDecryptorProviderBuilder;

/**
 * The encryption of keys that have it in a header, {@code DEK-Info}. Bouncy Castle knows AES, DES
 * and their like; OpenSSL also writes Camellia, ARIA and SEED.
 */
final class TraditionalCipher {
  private static final Pattern MORE = Pattern.compile("(CAMELLIA|ARIA|SEED)-(?:(\\d+)-)?CBC");
  private static final int DEFAULT_BITS = 128;
  private static final int SALT = 8;

  private TraditionalCipher() {}

  /** What decrypts by a passphrase. */
  static PEMDecryptorProvider by(char[] passphrase) {
    BouncyCastleProvider provider = new BouncyCastleProvider();
    PEMDecryptorProvider known =
        new JcePEMDecryptorProviderBuilder().setProvider(provider).build(passphrase);
    return name -> {
      Matcher more = MORE.matcher(name);
      if (!more.matches()) {
        return known.get(name);
      }
      int bits = more.group(2) == null ? DEFAULT_BITS : Integer.parseInt(more.group(2));
      return (content, vector) -> {
        try {
          Cipher cipher = Cipher.getInstance(more.group(1) + "/CBC/PKCS5Padding", provider);
          byte[] key = key(passphrase, vector, bits / Byte.SIZE);
          cipher.init(
              Cipher.DECRYPT_MODE,
              new SecretKeySpec(key, more.group(1)),
              new IvParameterSpec(vector));
          return cipher.doFinal(content);
        } catch (GeneralSecurityException e) {
          throw new PEMException("can't be decrypted", e);
        }
      };
    };
  }

  /** MD5 over and over: EVP_BytesToKey(3) with one round. */
  private static byte[] key(char[] passphrase, byte[] vector, int length)
      throws GeneralSecurityException {
    byte[] secret = new String(passphrase).getBytes(StandardCharsets.ISO_8859_1);
    ByteBuffer key = ByteBuffer.allocate(length + 16);
    byte[] block = {};
    while (key.position() < length) {
      MessageDigest digest = MessageDigest.getInstance("MD5");
      digest.update(block);
      digest.update(secret);
      digest.update(vector, 0, SALT);
      block = digest.digest();
      key.put(block);
    }
    return Arrays.copyOf(key.array(), length);
  }
}
