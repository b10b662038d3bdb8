using System.Text.Json;
using ByokOperator.Api;
using Shouldly;
using Xunit;

namespace ByokOperator.Tests.Api;

public sealed class DefaultsTests
{
    [Fact]
    public void A_key_field_left_out_keeps_the_default_of_the_record()
    {
        var key = JsonSerializer.Deserialize(
            """{"metadata":{"name":"a"},"spec":{"revocation":{"probeInterval":"5s"}}}""",
            ApiJson.Default.TenantEncryptionKey)!;
        key.Spec.State.ShouldBe("Active");
        key.Spec.Revocation.ShouldBe(new KeyRevocation { ProbeInterval = "5s" });
        key.Metadata.Name.ShouldBe("a");
    }

    [Fact]
    public void A_store_field_left_out_keeps_the_default_of_the_record()
    {
        var store = JsonSerializer.Deserialize("""{"spec":{"aws":{"region":"eu-west-1"},"migration":{}}}""",
            ApiJson.Default.EncryptedStore)!;
        store.Spec.ShouldBe(new EncryptedStoreSpec { Aws = new AwsStore { Region = "eu-west-1" } });
        store.Metadata.ShouldBe(new EncryptedStore().Metadata);
    }
}
