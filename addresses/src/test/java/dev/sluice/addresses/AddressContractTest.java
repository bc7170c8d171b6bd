package dev.sluice.addresses;

import dev.sluice.testkit.AddressFixture;
import dev.sluice.testkit.EndpointContract;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;

/** Every address type of this module keeps the contract. */
class AddressContractTest extends EndpointContract {
  @TempDir private static Path folder;

  @Override
  protected Map<String, AddressFixture> fixtures() {
    return AddressFixtures.all();
  }

  @Override
  protected Path newFolder() throws IOException {
    return AddressFixtures.newFolder(folder);
  }
}
