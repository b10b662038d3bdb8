using Cloud.Aws;
using Xunit;

namespace Cloud.Tests.Contract;

/// <summary>
/// What the adapters rely on, row by row, on every server that is at hand. LocalCloud has to keep all rows; a server of somebody
/// else's has a list of the rows that it is known to get wrong, and the list has to stay true.
/// </summary>
public sealed class AwsContractTests(LocalCloudFixture local) : IClassFixture<LocalCloudFixture>
{
    private static readonly IReadOnlyList<ContractRow> Rows = [.. KeyRows.All, .. StoreRows.All, .. ObjectRows.All];

    /// <summary>moto keeps no key state, no policy and no condition on copies.</summary>
    private static readonly HashSet<string> MotoIsWrong =
    [
        "A disabled key is revoked, and usable again once enabled",
        "A key scheduled for deletion is revoked",
        "A policy without us is a denial with the actions named",
        "A closed store refuses everybody but the operator, who can open it",
        "A write with another encryption is refused",
        "A fence stops writers of its prefix and nobody else",
        "A copy under a disabled key fails and leaves nothing",
        "A copy of what changed meanwhile is refused",
    ];

    public static TheoryData<string> Names => [.. Rows.Select(row => row.Says)];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task LocalCloud_keeps(string row)
    {
        using var world = new ContractWorld(local.Server);
        await Find(row).Try(world);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Moto_keeps_or_is_known_not_to(string row)
    {
        Assert.SkipWhen(Moto() is null, "BYOK_MOTO_URL names no moto server");
        using var world = new ContractWorld(Moto()!);
        var failure = await Record.ExceptionAsync(() => Find(row).Try(world));
        if (MotoIsWrong.Contains(row))
        {
            Assert.True(failure is not null, $"the list stopped being true: moto keeps '{row}' now");
        }
        else
        {
            Assert.True(failure is null, $"moto does not keep '{row}': {failure}");
        }
    }

    [Fact]
    public void The_list_of_moto_names_rows_that_are_there() => Assert.Empty(MotoIsWrong.Except(Rows.Select(row => row.Says)));

    private static ContractRow Find(string says) => Rows.Single(row => row.Says == says);

    private static ContractServer? Moto()
    {
        if (Environment.GetEnvironmentVariable("BYOK_MOTO_URL") is not { Length: > 0 } url)
        {
            return null;
        }

        var anybody = new AwsAccessKey("AKIAMOTO", "moto");
        return new ContractServer(url.TrimEnd('/'), "arn:aws:iam::123456789012:role/byok-operator", "arn:aws:iam::123456789012:role/byok-workload")
        {
            Operator = anybody, Workload = anybody, Platform = anybody, Tenant = anybody,
        };
    }
}
