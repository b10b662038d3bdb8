using Amazon.KeyManagementService.Model;
using Cloud.Aws.Keys;
using Cloud.Keys;
using Shouldly;

namespace Cloud.Tests.Contract;

/// <summary>Keys for imported material: made, claimed, found, deleted.</summary>
internal static class ImportRows
{
    private static readonly CancellationToken None = CancellationToken.None;

    public static readonly IReadOnlyList<ContractRow> All =
    [
        new("A key for import is born without material", async world =>
        {
            var made = await world.Cloud.ImportedKeys.CreateAsync(new(ContractWorld.Owner(), ContractWorld.Region),
                DataPrincipal.Nobody, None);
            (made.State, made.MaterialId, made.Expiry).ShouldBe((ImportedKeyState.PendingImport, null, null));
            made.CreatedAt.ShouldBe(DateTimeOffset.UtcNow, TimeSpan.FromMinutes(10));
        }),
        new("A key is found by its owner's name once it bears it", async world =>
        {
            var owner = ContractWorld.Owner();
            (await world.Cloud.ImportedKeys.FindAsync(new(owner, ContractWorld.Region), None)).ShouldBeNull();
            var made = await world.Cloud.ImportedKeys.CreateAsync(new(owner, ContractWorld.Region),
                DataPrincipal.Nobody, None);
            (await world.Cloud.ImportedKeys.FindAsync(new(owner, ContractWorld.Region), None)).ShouldBeNull();
            (await world.Cloud.ImportedKeys.NameAsync(new(owner, ContractWorld.Region), made.Key, None))
                .ShouldBeOfType<NamingOutcome.Named>();
            (await world.Cloud.ImportedKeys.FindAsync(new(owner, ContractWorld.Region), None)).ShouldBe(made);
        }),
        new("Of two keys one bears the owner's name, and the other learns whose it is", async world =>
        {
            var owner = ContractWorld.Owner();
            var first = await world.Cloud.ImportedKeys.CreateAsync(new(owner, ContractWorld.Region),
                DataPrincipal.Nobody, None);
            var second = await world.Cloud.ImportedKeys.CreateAsync(new(owner, ContractWorld.Region),
                DataPrincipal.Nobody, None);
            await world.Cloud.ImportedKeys.NameAsync(new(owner, ContractWorld.Region), first.Key, None);
            (await world.Cloud.ImportedKeys.NameAsync(new(owner, ContractWorld.Region), first.Key, None))
                .ShouldBeOfType<NamingOutcome.Named>();
            (await world.Cloud.ImportedKeys.NameAsync(new(owner, ContractWorld.Region), second.Key, None))
                .ShouldBeOfType<NamingOutcome.TakenBy>().Holder.Key.ShouldBe(first.Key);
        }),
        new("A scan finds every key of one owner's, named or not, and nobody else's", async world =>
        {
            var owner = ContractWorld.Owner();
            (await world.Cloud.ImportedKeys.ScanAsync(new(owner, ContractWorld.Region), None)).ShouldBeEmpty();
            var named = await world.Cloud.ImportedKeys.CreateAsync(new(owner, ContractWorld.Region),
                DataPrincipal.Nobody, None);
            var surplus = await world.Cloud.ImportedKeys.CreateAsync(new(owner, ContractWorld.Region),
                DataPrincipal.Nobody, None);
            await world.Cloud.ImportedKeys.NameAsync(new(owner, ContractWorld.Region), named.Key, None);
            await world.Cloud.ImportedKeys.CreateAsync(new(ContractWorld.Owner(), ContractWorld.Region),
                DataPrincipal.Nobody, None);
            (await world.Cloud.ImportedKeys.ScanAsync(new(owner, ContractWorld.Region), None)).Select(key => key.Key)
                .ShouldBe([named.Key, surplus.Key], ignoreOrder: true);
            (await world.Cloud.ImportedKeys.ScanAsync(new(owner, "eu-west-3"), None)).ShouldBeEmpty();
        }),
        new("A surplus key is scheduled for deletion, and again without moving its date", async world =>
        {
            var made = await world.Cloud.ImportedKeys.CreateAsync(new(ContractWorld.Owner(), ContractWorld.Region),
                DataPrincipal.Nobody, None);
            await world.Cloud.ImportedKeys.ScheduleDeletionAsync(ContractWorld.Place, made.Key, TimeSpan.FromDays(7),
                None);
            var due = (await world.Administrator.DescribeKeyAsync(made.Key.Id)).KeyMetadata.DeletionDate;
            await world.Cloud.ImportedKeys.ScheduleDeletionAsync(ContractWorld.Place, made.Key, TimeSpan.FromDays(30),
                None);
            var seen = (await world.Administrator.DescribeKeyAsync(made.Key.Id)).KeyMetadata;
            (seen.KeyState.Value, seen.DeletionDate).ShouldBe(("PendingDeletion", due));
        }),
        new("A scan tells of keys that wait for deletion", async world =>
        {
            var owner = ContractWorld.Owner();
            var made = await world.Cloud.ImportedKeys.CreateAsync(new(owner, ContractWorld.Region),
                DataPrincipal.Nobody, None);
            await world.Cloud.ImportedKeys.ScheduleDeletionAsync(ContractWorld.Place, made.Key, TimeSpan.FromDays(7),
                None);
            (await world.Cloud.ImportedKeys.ScanAsync(new(owner, ContractWorld.Region), None)).Single().State
                .ShouldBe(ImportedKeyState.PendingDeletion);
        }),
        new("Of a key that is not there nothing is left to delete", async world =>
        {
            var made = await world.Cloud.ImportedKeys.CreateAsync(new(ContractWorld.Owner(), ContractWorld.Region),
                DataPrincipal.Nobody, None);
            var missing = made.Key with { Id = made.Key.Id[..^12] + "000000000000" };
            await world.Cloud.ImportedKeys.DeleteMaterialAsync(ContractWorld.Place, missing, None);
            await world.Cloud.ImportedKeys.ScheduleDeletionAsync(ContractWorld.Place, missing, TimeSpan.FromDays(7),
                None);
        }),
        new(
            "A key of an earlier object of the same names is found, one of others' and one that is about to be "
                + "deleted is not", async world =>
            {
                var earlier = ContractWorld.Owner() with { Tenant = "acme", Name = $"k-{Guid.NewGuid():N}" };
                foreach (var owner
                    in new[] { earlier, earlier with { Uid = Guid.NewGuid().ToString(), Tenant = "evil" } })
                {
                    var made = await world.Cloud.ImportedKeys.CreateAsync(new(owner, ContractWorld.Region),
                        DataPrincipal.Nobody, None);
                    await world.Cloud.ImportedKeys.NameAsync(new(owner, ContractWorld.Region), made.Key, None);
                }

                var found = (await world.Cloud.ImportedKeys.FindEarlierAsync(
                    new(earlier with { Uid = "later" }, ContractWorld.Region), None)).ShouldHaveSingleItem();
                found.Uid.ShouldBe(earlier.Uid);
                (await world.Cloud.ImportedKeys.FindEarlierAsync(new(earlier, ContractWorld.Region), None))
                    .ShouldBeEmpty("it is its own");
                (await world.Cloud.ImportedKeys.FindEarlierAsync(
                    new(earlier with { Uid = "later", Name = "other" }, ContractWorld.Region), None)).ShouldBeEmpty();
                await world.Cloud.ImportedKeys.ScheduleDeletionAsync(ContractWorld.Place, found.Key.Key,
                    TimeSpan.FromDays(7), None);
                (await world.Cloud.ImportedKeys.FindEarlierAsync(
                    new(earlier with { Uid = "later" }, ContractWorld.Region), None)).ShouldBeEmpty();
            }),
        new("A name that points to a key of another kind is nobody's to use", async world =>
        {
            var owner = ContractWorld.Owner();
            var foreign = await world.Administrator.CreateKeyAsync(new CreateKeyRequest());
            await world.Administrator.CreateAliasAsync(
                new CreateAliasRequest
                {
                    AliasName = ImportedKeyTags.Alias(owner),
                    TargetKeyId = foreign.KeyMetadata.Arn,
                });
            await Foreign(() => world.Cloud.ImportedKeys.FindAsync(new(owner, ContractWorld.Region), None));
            var made = await world.Cloud.ImportedKeys.CreateAsync(new(owner, ContractWorld.Region),
                DataPrincipal.Nobody, None);
            await Foreign(() => world.Cloud.ImportedKeys.NameAsync(new(owner, ContractWorld.Region), made.Key, None));
        }),
    ];

    private static async Task Foreign(Func<Task> call) =>
        (await Should.ThrowAsync<CloudException>(call)).Problem.ShouldBeOfType<CloudProblem.Conflict>().Code
            .ShouldBe("ForeignKey");
}
