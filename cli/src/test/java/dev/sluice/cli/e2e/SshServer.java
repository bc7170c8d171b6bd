package dev.sluice.cli.e2e;

/**
 * sshd(8) at port 22 of a private host, which is called {@code server} there. {@link #USER} has
 * {@link #PASSWORD}, and a key that ssh(1) uses unless it is told otherwise.
 */
final class SshServer {
  static final String USER = "walter";
  static final String PASSWORD = "sesame";

  private SshServer() {}

  static Run start(PrivateHost host) {
    Programs.assumeInstalled("ssh", "sshd", "openssl");
    String setup =
        """
        set -e
        echo '127.0.0.1 server' >>/etc/hosts
        echo '%1$s:x:7001:7001::/home/%1$s:/bin/sh' >>/etc/passwd
        echo "%1$s:$(openssl passwd -6 %2$s):19000::::::" >>/etc/shadow
        install -d -o 7001 -g 7001 /home/%1$s
        for key in host user; do ssh-keygen -q -t ed25519 -N '' -f /etc/ssh/$key.key; done
        cat >/etc/ssh/sshd_config <<END
        HostKey /etc/ssh/host.key
        AuthorizedKeysFile /etc/ssh/user.key.pub
        StrictModes no
        UsePAM no
        LogLevel VERBOSE
        END
        cat >/etc/ssh/ssh_config <<END
        User %1$s
        IdentityFile /etc/ssh/user.key
        StrictHostKeyChecking no
        UserKnownHostsFile /dev/null
        LogLevel ERROR
        END
        """
            .formatted(USER, PASSWORD);
    host.succeed(setup);
    return host.serve(22, "/usr/sbin/sshd -D -e");
  }
}
