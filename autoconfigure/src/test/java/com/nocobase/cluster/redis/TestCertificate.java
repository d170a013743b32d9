package com.nocobase.cluster.redis;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;

import javax.net.SocketFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * A certificate for servers of this machine, signed by itself and made by the JDK's
 * {@code keytool}.
 */
final class TestCertificate {

	private static final String PASSWORD = "changeit";

	private final Path directory = ServerWatch.newDirectory();

	private final SocketFactory sockets;

	private TestCertificate() {
		try {
			Path store = this.directory.resolve("store.p12");
			generate(store);
			KeyStore keys = KeyStore.getInstance("PKCS12");
			try (InputStream in = Files.newInputStream(store)) {
				keys.load(in, PASSWORD.toCharArray());
			}
			write(key(), "PRIVATE KEY", keys.getKey("redis", PASSWORD.toCharArray()).getEncoded());
			write(certificate(), "CERTIFICATE", keys.getCertificate("redis").getEncoded());
			this.sockets = trusting(keys);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException(ex);
		}
	}

	static TestCertificate shared() {
		return Holder.SHARED;
	}

	Path key() {
		return this.directory.resolve("key.pem");
	}

	Path certificate() {
		return this.directory.resolve("certificate.pem");
	}

	/**
	 * Returns what opens connections to servers with this certificate.
	 * @return sockets that trust no other
	 */
	SocketFactory sockets() {
		return this.sockets;
	}

	private void generate(Path store) throws IOException {
		Path keytool = Path.of(System.getProperty("java.home"), "bin", "keytool");
		Path log = this.directory.resolve("log");
		List<String> command = List.of(keytool.toString(), "-genkeypair", "-alias", "redis", "-keyalg", "EC",
				"-groupname", "secp256r1", "-dname", "CN=localhost", "-ext", "SAN=IP:127.0.0.1,DNS:localhost",
				"-validity", "2", "-storetype", "PKCS12", "-keystore", store.toString(), "-storepass", PASSWORD);
		Process process = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
		try {
			if (!process.waitFor(30, TimeUnit.SECONDS) || process.exitValue() != 0) {
				throw new IllegalStateException("keytool has failed: " + Files.readString(log));
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException("Interrupted", ex);
		}
	}

	private static void write(Path file, String type, byte[] content) throws IOException {
		String body = Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII)).encodeToString(content);
		Files.writeString(file, "-----BEGIN " + type + "-----\n" + body + "\n-----END " + type + "-----\n");
	}

	private static SocketFactory trusting(KeyStore keys) throws GeneralSecurityException {
		KeyStore trusted = KeyStore.getInstance("PKCS12");
		try {
			trusted.load(null, null);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		trusted.setCertificateEntry("redis", keys.getCertificate("redis"));
		TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
		trust.init(trusted);
		SSLContext context = SSLContext.getInstance("TLS");
		context.init(null, trust.getTrustManagers(), null);
		return context.getSocketFactory();
	}

	/**
	 * Made at the first use, by one thread.
	 */
	private static final class Holder {

		static final TestCertificate SHARED = new TestCertificate();

	}

}
