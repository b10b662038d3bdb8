using Xunit;

namespace LocalCloud.Tests.Azure.Contract;

/// <summary>
/// What tests rest on, row by row, on every server that speaks Blob. LocalCloud has to keep all rows; a server of
/// somebody else's has a list of the rows that it is known to get wrong, and the list has to stay true.
/// </summary>
public sealed class BlobContractTests(AzureFixture local) : IClassFixture<AzureFixture>
{
    private static readonly IReadOnlyList<BlobRow> Rows = [.. WriteRows.All, .. KeepRows.All];

    /// <summary>Rows that Azurite 3.35 gets wrong, each for the reason above it;
    /// a row that it keeps after all fails.</summary>
    private static readonly HashSet<string> AzuriteIsWrong =
    [
        // The status of HTTP instead of a code of its own.
        "A page beyond the end is refused",
        // Another code: InvalidOperation, OutOfRangeInput, ConditionNotMet.
        "A wrong MD5 is refused",
        "A container's name is short and plain",
        "A copy of what changed meanwhile is refused",
        // CRC64 is not supported.
        "A wrong CRC64 is refused",
        // AuthorizationFailure where the caller could not be authenticated.
        "A wrong key is refused",
        "A signature opens one blob in one way",
        "A stored policy taken away ends its signatures",
        // Not implemented: 501.
        "A blob is put from a URL",
        "A block is put from a URL",
        "A block is appended from a URL",
        "A page is put from a URL",
    ];

    public static TheoryData<string> Names => [.. Rows.Select(row => row.Says)];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task LocalCloud_keeps(string row)
    {
        var account = local.Name("contract");
        local.Admin.CreateAccount(account);
        await TryAsync(row,
            new BlobServer(new Uri(local.Server.AzurePlainUrl, account + "/"), account,
                local.Admin.AccountKey(account)));
    }

    [Theory]
    [MemberData(nameof(Names))]
    [Trait("Server", "azurite")]
    public async Task Azurite_keeps_or_is_known_not_to(string row)
    {
        var failure = await Record.ExceptionAsync(() => TryAsync(row, Azurite()));
        if (AzuriteIsWrong.Contains(row))
        {
            Assert.True(failure is not null, $"the list stopped being true: Azurite keeps '{row}' now");
        }
        else
        {
            Assert.True(failure is null, $"Azurite does not keep '{row}': {failure}");
        }
    }

    [Fact]
    public void The_list_of_Azurite_names_rows_that_are_there() =>
        Assert.Empty(AzuriteIsWrong.Except(Rows.Select(row => row.Says)));

    private static async Task TryAsync(string row, BlobServer server)
    {
        using var world = new BlobWorld(server);
        await world.BeginAsync();
        await Rows.Single(one => one.Says == row).Try(world);
    }

    /// <summary>A run without Azurite leaves these rows out by their trait; to be here without it is a failure. Its
    /// account and key are the published ones of every Azurite.</summary>
    private static BlobServer Azurite() => Environment.GetEnvironmentVariable("BYOK_AZURITE_URL") is { Length: > 0 } url
        ? new BlobServer(new Uri($"{url.TrimEnd('/')}/devstoreaccount1/"), "devstoreaccount1",
            "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==")
        : throw new InvalidOperationException(
            "BYOK_AZURITE_URL names no Azurite: run these tests by tests/run.sh, or set it");
}
