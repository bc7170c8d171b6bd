package dev.sluice.addresses.tls;

import dev.sluice.log.RelayLog;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.x500.AttributeTypeAndValue;
import org.bouncycastle.asn1.x500.RDN;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.style.IETFUtils;

/** The certificate that a peer has presented: whom it is for, and what programs are told of it. */
final class PeerCertificate {
  private static final int DNS = 2;
  private static final int IP = 7;
  private static final Pattern IP4 = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}");
  private static final String SEPARATOR = " // ";

  /** A field of a subject: OpenSSL's short name and its long one. */
  private record Field(String shortName, String longName) {}

  private static final Map<String, Field> FIELDS =
      Map.ofEntries(
          Map.entry("2.5.4.3", new Field("CN", "commonName")),
          Map.entry("2.5.4.4", new Field("SN", "surname")),
          Map.entry("2.5.4.5", new Field("serialNumber", "serialNumber")),
          Map.entry("2.5.4.6", new Field("C", "countryName")),
          Map.entry("2.5.4.7", new Field("L", "localityName")),
          Map.entry("2.5.4.8", new Field("ST", "stateOrProvinceName")),
          Map.entry("2.5.4.9", new Field("street", "streetAddress")),
          Map.entry("2.5.4.10", new Field("O", "organizationName")),
          Map.entry("2.5.4.11", new Field("OU", "organizationalUnitName")),
          Map.entry("2.5.4.12", new Field("title", "title")),
          Map.entry("2.5.4.13", new Field("description", "description")),
          Map.entry("2.5.4.17", new Field("postalCode", "postalCode")),
          Map.entry("2.5.4.41", new Field("name", "name")),
          Map.entry("2.5.4.42", new Field("GN", "givenName")),
          Map.entry("2.5.4.43", new Field("initials", "initials")),
          Map.entry("2.5.4.44", new Field("generationQualifier", "generationQualifier")),
          Map.entry("2.5.4.46", new Field("dnQualifier", "dnQualifier")),
          Map.entry("2.5.4.65", new Field("pseudonym", "pseudonym")),
          Map.entry("1.2.840.113549.1.9.1", new Field("emailAddress", "emailAddress")),
          Map.entry("0.9.2342.19200300.100.1.1", new Field("UID", "userId")),
          Map.entry("0.9.2342.19200300.100.1.25", new Field("DC", "domainComponent")));

  private static final String COMMON_NAME = "2.5.4.3";

  private final X509Certificate certificate;
  private final Map<String, String> alternatives = new LinkedHashMap<>();

  PeerCertificate(X509Certificate certificate) {
    this.certificate = certificate;
  }

  /**
   * Whether it is for that name: one of its alternative names or, where it has none for hosts, its
   * first common name (RFC 9525 no longer has that; private authorities do). Notes the alternative
   * names up to the one that fits, which programs are told.
   */
  boolean isFor(String name, RelayLog log) {
    boolean hasNames = false;
    for (List<?> alternative : alternativeNames()) {
      int type = (Integer) alternative.get(0);
      String value = String.valueOf(alternative.get(1));
      hasNames |= type == DNS || type == IP;
      if (type == DNS) {
        note("DNS", value);
        if (isDomainFor(value, name)) {
          return true;
        }
      } else if (type == IP) {
        note("IPADD", value);
        if (isSameAddress(value, name)) {
          return true;
        }
      } else {
        log.warning("Unknown subject type " + type);
      }
    }
    return !hasNames
        && attributes(certificate.getSubjectX500Principal()).stream()
            .filter(attribute -> attribute.getType().getId().equals(COMMON_NAME))
            .limit(1)
            .anyMatch(first -> isDomainFor(value(first), name));
  }

  /** Notes the first alternative name, where no name is looked for. */
  void noteFirst() {
    for (List<?> alternative : alternativeNames()) {
      int type = (Integer) alternative.get(0);
      if (type == DNS || type == IP) {
        note(type == DNS ? "DNS" : "IPADD", String.valueOf(alternative.get(1)));
        return;
      }
    }
  }

  private void note(String type, String value) {
    alternatives.merge(
        "OPENSSL_X509V3_SUBJECTALTNAME_" + type, value, (all, one) -> all + SEPARATOR + one);
  }

  private Collection<List<?>> alternativeNames() {
    try {
      Collection<List<?>> names = certificate.getSubjectAlternativeNames();
      return names == null ? List.of() : names;
    } catch (CertificateParsingException e) {
      return List.of();
    }
  }

  /** {@code *.dom} is for dom and for names with one label before it; case does not matter. */
  private static boolean isDomainFor(String certified, String asked) {
    String pattern = certified.toLowerCase(Locale.ROOT);
    String name = asked.toLowerCase(Locale.ROOT);
    if (!pattern.startsWith("*.")) {
      return pattern.equals(name);
    }
    String domain = pattern.substring(2);
    int dot = name.indexOf('.');
    return name.equals(domain) || (dot > 0 && name.substring(dot + 1).equals(domain));
  }

  private static boolean isSameAddress(String address, String name) {
    String bare =
        name.startsWith("[") && name.endsWith("]") ? name.substring(1, name.length() - 1) : name;
    if (!isAddress(bare)) {
      return false;
    }
    try {
      return InetAddress.getByName(address).equals(InetAddress.getByName(bare));
    } catch (UnknownHostException e) {
      return false;
    }
  }

  /** Whether the text is an IP address rather than a name. */
  static boolean isAddress(String text) {
    return text.indexOf(':') >= 0 || IP4.matcher(text).matches();
  }

  /** The variables for programs, without prefix. */
  Map<String, String> facts() {
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("OPENSSL_X509_SUBJECT", oneLine(certificate.getSubjectX500Principal()));
    facts.put("OPENSSL_X509_ISSUER", oneLine(certificate.getIssuerX500Principal()));
    fields(certificate.getSubjectX500Principal())
        .forEach((name, value) -> facts.put("OPENSSL_X509_" + name, value));
    facts.putAll(alternatives);
    return facts;
  }

  private static List<AttributeTypeAndValue> attributes(X500Principal name) {
    List<AttributeTypeAndValue> all = new ArrayList<>();
    for (RDN rdn : X500Name.getInstance(name.getEncoded()).getRDNs()) {
      all.addAll(List.of(rdn.getTypesAndValues()));
    }
    return all;
  }

  private static Field field(AttributeTypeAndValue attribute) {
    String id = attribute.getType().getId();
    return FIELDS.getOrDefault(id, new Field(id, id));
  }

  private static String value(AttributeTypeAndValue attribute) {
    String text = IETFUtils.valueToString(attribute.getValue());
    return text.replaceAll("\\\\(.)", "$1");
  }

  private static String oneLine(X500Principal name) {
    List<String> parts = new ArrayList<>();
    for (AttributeTypeAndValue attribute : attributes(name)) {
      parts.add(field(attribute).shortName() + " = " + value(attribute));
    }
    return String.join(", ", parts);
  }

  private static Map<String, String> fields(X500Principal name) {
    Map<String, String> fields = new LinkedHashMap<>();
    for (AttributeTypeAndValue attribute : attributes(name)) {
      fields.merge(
          field(attribute).longName().toUpperCase(Locale.ROOT),
          value(attribute),
          (all, one) -> all + SEPARATOR + one);
    }
    return fields;
  }
}
