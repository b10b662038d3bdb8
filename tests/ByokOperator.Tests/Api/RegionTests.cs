using ByokOperator.Api;
using Cloud.Keys;
using Shouldly;
using Xunit;

namespace ByokOperator.Tests.Api;

public sealed class RegionTests
{
    [Fact]
    public void The_kinds_and_the_ports_call_every_location_alike() =>
        AzureKeyVaultSource.AnyRegion.ShouldBe(KeyRef.AnyRegion);
}
