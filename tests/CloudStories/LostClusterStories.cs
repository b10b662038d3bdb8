using ByokOperator.Api;
using Kube.Core;
using LocalCloud.Faults;
using Shouldly;
using Xunit;

namespace CloudStories;

/// <summary>
/// The cluster is lost: the same on every cloud. What was backed up has other UIDs, and what stands in the clouds bears
/// the old ones. Everything comes back by the platform's consent and the key's proof; nothing opens without them,
/// and nothing is made anew.
/// </summary>
public abstract class LostClusterStories
{
    private protected abstract ICloudScene NewScene();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Every_store_is_taken_back_and_none_is_made_anew(bool withRecords)
    {
        await using var life = await TenantLife.BeginAsync(NewScene());
        var cluster = new LostCluster(life);
        await cluster.ApplyKeyAsync("key");
        await cluster.ApplyKeyAsync("withdrawn");
        var open = await cluster.SettleAsync("open", "key");
        var closed = await cluster.SettleAsync("closed", "withdrawn");
        await cluster.SayAsync("withdrawn", KeyStates.Revoked);
        await cluster.UntilAsync("closed", store => store.Status?.Availability == "Closed");
        var copies = new Turnstile();
        var moving = await MidwayAsync(life, cluster, copies);

        await cluster.LoseAsync(withRecords, withRecordsKey: withRecords);
        copies.Open();
        life.Stage.RestartOperator();

        foreach (var store in new[] { open, closed, moving })
        {
            (await cluster.UntilStalledAsync(store.Metadata.Name, "AdoptionNeeded"))
                .ShouldContain(
                    $"{{namespace: {life.Namespace}, store: {store.Metadata.Name}, uid: {store.Metadata.Uid}}}");
        }

        (await life.Scene.ListAsync(closed.Status!.Location!, "")).ShouldBeNull("it was closed");
        (await life.Scene.ReadAsync(open.Status!.Location!, "acme/open/a.txt"))
            .ShouldBe("open", "nothing is known against its key");

        await cluster.ConsentAsync(("open", open.Metadata.Uid!), ("closed", closed.Metadata.Uid!),
            ("moving", moving.Metadata.Uid!));
        var back = new[] { await cluster.UntilReadyAsync("open"), await cluster.UntilReadyAsync("moving") };
        back.Select(store => store.Status!.Location!.Bucket)
            .ShouldBe([open.Status!.Location!.Bucket, moving.Status!.Location!.Bucket]);
        (await life.Scene.ReadAsync(open.Status!.Location!, "acme/open/a.txt")).ShouldBe("open");
        (await life.Scene.ListAsync(moving.Status!.Location!, "acme/"))
            .ShouldBe(["acme/moving/a.txt", "acme/moving/b.txt"]);
        (await life.Scene.ListSharedAsync("acme/moving/")).ShouldBeEmpty("its migration went on where it was");

        await cluster.UntilAsync("closed", store => store.Status?.Availability == "Closed");
        (await life.Scene.ListAsync(closed.Status!.Location!, ""))
            .ShouldBeNull("consent opens nothing that is revoked");
        await cluster.SayAsync("withdrawn", KeyStates.Active);
        await cluster.UntilReadyAsync("closed");
        (await life.Scene.ReadAsync(closed.Status!.Location!, "acme/closed/a.txt")).ShouldBe("closed");

        cluster.Made().ShouldBeEmpty();
        (await cluster.RecordedAsync())
            .ShouldNotContain(uid =>
                uid == open.Metadata.Uid || uid == closed.Metadata.Uid || uid == moving.Metadata.Uid);

        await cluster.ConsentAsync();
        life.Scene.SwitchKey(on: false);
        await cluster.UntilAsync("open", store => store.Status?.Availability == "Closed");
        life.Scene.SwitchKey(on: true);
        await cluster.UntilReadyAsync("open");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_revocation_closes_what_was_not_taken_back_yet_and_another_key_takes_nothing_back(
        bool withRecords)
    {
        await using var life = await TenantLife.BeginAsync(NewScene());
        var cluster = new LostCluster(life);
        await cluster.ApplyKeyAsync("key");
        var store = await cluster.SettleAsync("store", "key");

        await cluster.LoseAsync(withRecords, withRecordsKey: withRecords);
        life.Scene.SwitchKey(on: false);
        life.Stage.RestartOperator();
        await cluster.UntilStalledAsync("store", "AdoptionNeeded");
        await cluster.UntilAsync("store", one => one.Status?.Availability == "Closed");
        (await life.Scene.ListAsync(store.Status!.Location!, "")).ShouldBeNull();

        await cluster.ConsentAsync(("store", store.Metadata.Uid!));
        life.Scene.ReplaceKey();
        life.Scene.SwitchKey(on: true);
        await cluster.UntilStalledAsync("store", "KeyReplaced");
        (await life.Scene.ListAsync(store.Status!.Location!, "")).ShouldBeNull();
        cluster.Made().ShouldBeEmpty();
    }

    [Fact]
    public async Task What_only_a_record_speaks_of_is_closed_in_the_next_cluster_too_and_before_anybody_consents()
    {
        await using var life = await TenantLife.BeginAsync(NewScene());
        var cluster = new LostCluster(life);
        await cluster.ApplyKeyAsync("key");
        var (store, retained) =
            (await cluster.SettleAsync("store", "key"), await cluster.SettleAsync("retained", "key"));
        await life.DeleteAsync<EncryptedStore>("retained");
        await Clocked.UntilAsync(async () =>
            await life.Stage.Kube.Api<EncryptedStore>()
                .TryGetAsync(new ObjectKey(life.Namespace, "retained"), CancellationToken.None) is null);

        await cluster.LoseAsync(withRecords: true, withRecordsKey: true);
        life.Stage.RestartOperator();
        await cluster.UntilStalledAsync("store", "AdoptionNeeded");
        (await life.Scene.ListAsync(retained.Status!.Location!, ""))
            .ShouldNotBeNull("nothing is known against its key");

        await cluster.SayAsync("key", KeyStates.Revoked);
        foreach (var place in new[] { store.Status!.Location!, retained.Status!.Location! })
        {
            await Clocked.UntilAsync(async () => await life.Scene.ListAsync(place, "") is null);
        }

        cluster.Made().ShouldBeEmpty();
    }

    [Fact]
    public async Task A_consent_for_nobodys_uid_and_for_another_stores_takes_nothing()
    {
        await using var life = await TenantLife.BeginAsync(NewScene());
        var cluster = new LostCluster(life);
        await cluster.ApplyKeyAsync("key");
        var (mine, other) = (await cluster.SettleAsync("mine", "key"), await cluster.SettleAsync("other", "key"));

        await cluster.LoseAsync(withRecords: false, withRecordsKey: false);
        await cluster.ConsentAsync(("mine", other.Metadata.Uid!), ("other", Guid.NewGuid().ToString()));
        life.Stage.RestartOperator();

        await cluster.UntilStalledAsync("mine", "NothingToAdopt");
        await cluster.UntilStalledAsync("other", "NothingToAdopt");
        cluster.Made().ShouldBeEmpty();
        await cluster.ConsentAsync(("mine", mine.Metadata.Uid!), ("other", other.Metadata.Uid!));
        await cluster.UntilReadyAsync("mine");
        (await cluster.UntilReadyAsync("other")).Status!.Location!.Bucket.ShouldBe(other.Status!.Location!.Bucket);
        cluster.Made().ShouldBeEmpty();
    }

    [Fact]
    public async Task Without_the_records_key_nothing_is_taken_back_until_it_is_restored_or_the_records_are_deleted()
    {
        await using var life = await TenantLife.BeginAsync(NewScene());
        var cluster = new LostCluster(life);
        await cluster.ApplyKeyAsync("key");
        var store = await cluster.SettleAsync("store", "key");

        await cluster.LoseAsync(withRecords: true, withRecordsKey: false);
        await cluster.ConsentAsync(("store", store.Metadata.Uid!));
        life.Stage.RestartOperator();
        (await cluster.UntilStalledAsync("store", "RecordNotAuthentic")).ShouldContain("byok-records-key");

        await cluster.ForgetRecordsAsync();
        (await cluster.UntilReadyAsync("store")).Status!.Location!.Bucket.ShouldBe(store.Status!.Location!.Bucket);
        cluster.Made().ShouldBeEmpty();
    }

    [Fact]
    public async Task A_cluster_that_is_lost_twice_leaves_everything_under_the_first_uid()
    {
        await using var life = await TenantLife.BeginAsync(NewScene());
        var cluster = new LostCluster(life);
        await cluster.ApplyKeyAsync("key");
        var first = await cluster.SettleAsync("store", "key");
        for (var loss = 0; loss < 2; loss++)
        {
            await cluster.ConsentAsync();
            await cluster.LoseAsync(withRecords: false, withRecordsKey: false);
            life.Stage.RestartOperator();
            (await cluster.UntilStalledAsync("store", "AdoptionNeeded")).ShouldContain($"uid: {first.Metadata.Uid}}}");
            await cluster.ConsentAsync(("store", first.Metadata.Uid!));
            (await cluster.UntilReadyAsync("store")).Status!.Location!.Bucket.ShouldBe(first.Status!.Location!.Bucket);
            cluster.Made().ShouldBeEmpty();
        }
    }

    /// <summary>Its writers are fenced and its delta waits, when the cluster goes.</summary>
    private static async Task<EncryptedStore> MidwayAsync(TenantLife life, LostCluster cluster, Turnstile copies)
    {
        life.Scene.HoldCopies(copies);
        await life.Scene.PutSharedAsync("acme/moving/a.txt", "a");
        await cluster.ApplyStoreAsync("moving", "key");
        await Clocked.UntilAsync(() => Task.FromResult(copies.Arrived > 0));
        await life.Scene.PutSharedAsync("acme/moving/b.txt", "b");
        copies.Admit(1);
        await Clocked.UntilAsync(() => Task.FromResult(copies.Arrived > 1));
        return await cluster.UntilAsync("moving", store => TenantLife.Is(store, "WritesFenced", "True"));
    }
}

/// <summary>On KMS and S3.</summary>
public sealed class LostAwsClusterStories : LostClusterStories
{
    private protected override ICloudScene NewScene() => new AwsScene();
}

/// <summary>On Key Vault and Storage.</summary>
public sealed class LostAzureClusterStories : LostClusterStories
{
    private protected override ICloudScene NewScene() => new AzureScene();
}
