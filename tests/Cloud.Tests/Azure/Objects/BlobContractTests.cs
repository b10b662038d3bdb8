using Cloud.Tests.Contract;
using Xunit;

namespace Cloud.Tests.Azure.Objects;

/// <summary>The rows that S3 keeps, on blobs.</summary>
public sealed class BlobContractTests(AzureStand stand) : IClassFixture<AzureStand>
{
    public static TheoryData<string> Names => [.. ObjectRows.All.Select(row => row.Says)];

    [Theory]
    [MemberData(nameof(Names))]
    public Task Azure_keeps(string row) => ObjectRows.All.Single(one => one.Says == row).Try(new BlobWorld(stand));
}
