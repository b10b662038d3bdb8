using Amazon.S3.Model;
using Cloud.Stores;
using Cloud.Tests.Contract;
using LocalCloud;
using LocalCloud.Faults;
using Shouldly;
using Xunit;

namespace Cloud.Tests.Aws.Stores;

/// <summary>Closing a bucket against all that others can put in its way,
/// and what stands there again afterwards.</summary>
public sealed class DenialTests : IClassFixture<LocalCloudFixture>, IDisposable
{
    private static readonly CancellationToken None = CancellationToken.None;

    private readonly LocalCloudFixture local;
    private readonly ContractWorld world;
    private readonly Closings closings;

    public DenialTests(LocalCloudFixture local)
    {
        this.local = local;
        world = new ContractWorld(local.Server);
        closings = new Closings(world, local.Admin);
    }

    private IObjectStores Stores => world.Cloud.Stores;

    public void Dispose() => world.Dispose();

    [Fact]
    public async Task A_statement_of_a_deleted_role_gives_way_and_the_others_come_back()
    {
        var spec = await closings.StoreAsync();
        var role = closings.NewRole();
        await closings.AddAsync(spec, Closings.Foreign(spec, "Theirs", role),
            Closings.Foreign(spec, "Keeps", LocalCloudAccounts.WorkloadRole));
        var id = local.Admin.DeletePrincipal(role);

        var outcome = await Stores.DenyAsync(spec, closings.Recorded, None);

        (outcome.Why, outcome.IsKept).ShouldBe(("MalformedPolicy", true));
        outcome.SetAside!.ShouldContain(id);
        await closings.ShouldBeClosedAsync(spec);
        var lost = await Stores.AllowAsync(spec, closings.Kept, None);
        lost.ShouldHaveSingleItem()
            .ShouldBe(new NotPutBack("Theirs", "MalformedPolicy", "Invalid principal in policy"));
        (await closings.IsShutAsync(spec)).ShouldBeFalse();
        (await closings.SidsAsync(spec)).ShouldContain("Keeps");
        (await Stores.DescribeAsync(spec, None)).Drift.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_public_statement_gives_way_once_public_access_is_blocked_again_and_what_refuses_comes_back()
    {
        var spec = await closings.StoreAsync();
        await closings.BlockPublicAsync(spec, isBlocked: false);
        await closings.AddAsync(spec, Closings.Statement(spec.Store.Name, "Anybody", "\"*\""),
            Closings.Statement(spec.Store.Name, "Nobody", "\"*\"", "Deny", "s3:GetObjectTorrent"));
        await closings.BlockPublicAsync(spec, isBlocked: true);

        (await Stores.DenyAsync(spec, closings.Recorded, None)).Why.ShouldBe("AccessDenied");

        await closings.ShouldBeClosedAsync(spec);
        var lost = await Stores.AllowAsync(spec, closings.Kept, None);
        (lost.ShouldHaveSingleItem().What, lost[0].Code).ShouldBe(("Anybody", "AccessDenied"));
        (await closings.SidsAsync(spec)).ShouldContain("Nobody");
    }

    [Fact]
    public async Task A_policy_that_has_no_room_gives_way_and_comes_back_whole()
    {
        var spec = await closings.StoreAsync();
        await closings.FillAsync(spec, _ => LocalCloudAccounts.WorkloadRole);
        var before = await closings.SidsAsync(spec);

        (await Stores.DenyAsync(spec, closings.Recorded, None)).Why.ShouldBe("PolicyFull");

        await closings.ShouldBeClosedAsync(spec);
        (await Stores.AllowAsync(spec, closings.Kept, None)).ShouldBeEmpty();
        (await closings.SidsAsync(spec)).ShouldBe(before, ignoreOrder: true);
    }

    [Fact]
    public async Task Of_a_policy_without_room_only_what_S3_takes_no_more_is_lost()
    {
        var spec = await closings.StoreAsync();
        var role = closings.NewRole();
        var added = await closings.FillAsync(spec, number => number == 44 ? role : LocalCloudAccounts.WorkloadRole);
        local.Admin.DeletePrincipal(role);
        await Stores.DenyAsync(spec, closings.Recorded, None);

        var lost = await Stores.AllowAsync(spec, closings.Kept, None);

        lost.ShouldHaveSingleItem().What.ShouldBe("Theirs44");
        (await closings.SidsAsync(spec)).Count(sid => sid.StartsWith("Theirs", StringComparison.Ordinal))
            .ShouldBe(added - 1);
    }

    [Fact]
    public async Task A_bucket_whose_policy_alone_is_said_to_be_nowhere_is_closed_and_one_that_is_gone_is_told()
    {
        var spec = await closings.StoreAsync();
        closings.Refuse(spec, "GetBucketPolicy", 404, "NoSuchBucket", count: 1);
        await closings.Stores.DenyAsync(spec, closings.Recorded, None);
        await closings.ShouldBeClosedAsync(spec);

        closings.Refuse(spec, "PutBucketPolicy", 404, "NoSuchBucket");
        closings.Refuse(spec, "GetBucketPolicy", 404, "NoSuchBucket");
        (await Should.ThrowAsync<CloudException>(() =>
            closings.Stores.DenyAsync(spec, closings.Recorded, None))).Problem.ShouldBeOfType<CloudProblem.NotFound>();
    }

    [Fact]
    public async Task A_policy_that_we_may_not_read_is_written_over_and_closing_is_told_only_once_it_reads_back()
    {
        var spec = await closings.StoreAsync();
        var fault = closings.Refuse(spec, "GetBucketPolicy", 403, "AccessDenied");

        (await Should.ThrowAsync<CloudException>(() => Stores.DenyAsync(spec, closings.Recorded, None))).Problem
            .ShouldBeOfType<CloudProblem.Forbidden>();

        (await closings.IsShutAsync(spec)).ShouldBeTrue();
        local.Admin.RemoveFault(fault);
        await closings.ShouldBeClosedAsync(spec);
    }

    [Fact]
    public async Task A_statement_that_forbids_us_to_change_the_policy_goes_with_the_policy()
    {
        var spec = await closings.StoreAsync();
        await closings.AddAsync(spec,
            Closings.Statement(spec.Store.Name, "HandsOff", Closings.Role(LocalCloudAccounts.OperatorRole), "Deny",
                "s3:PutBucketPolicy"));

        (await Stores.DenyAsync(spec, closings.Recorded, None)).Why.ShouldBe("AccessDenied");

        await closings.ShouldBeClosedAsync(spec);
        (await Stores.AllowAsync(spec, closings.Kept, None)).ShouldHaveSingleItem().What.ShouldBe("HandsOff");
        (await closings.IsShutAsync(spec)).ShouldBeFalse();
    }

    [Theory]
    [InlineData(400, "MalformedPolicy")]
    [InlineData(400, "PolicyTooLarge")]
    [InlineData(400, "InvalidPolicyDocument")]
    [InlineData(400, "InvalidArgument")]
    [InlineData(403, "AccessDenied")]
    [InlineData(405, "MethodNotAllowed")]
    [InlineData(409, "InvalidBucketState")]
    [InlineData(500, "InternalError")]
    public async Task Whatever_the_first_form_is_refused_with_the_next_one_closes(int status, string code)
    {
        var spec = await closings.StoreAsync();
        await closings.AddAsync(spec, Closings.Foreign(spec, "Theirs", LocalCloudAccounts.WorkloadRole));
        closings.Refuse(spec, "PutBucketPolicy", status, code, count: status == 500 ? 4 : 1);

        (await Stores.DenyAsync(spec, closings.Recorded, None)).Why.ShouldBe(code);

        await closings.ShouldBeClosedAsync(spec);
        (await Stores.AllowAsync(spec, closings.Kept, None)).ShouldBeEmpty();
        (await closings.SidsAsync(spec)).ShouldContain("Theirs");
    }

    [Theory]
    [InlineData(400, "MalformedPolicy")]
    [InlineData(403, "AccessDenied")]
    [InlineData(409, "InvalidBucketState")]
    public async Task Where_every_form_is_refused_the_refusal_is_told_and_the_store_is_not_called_closed(
        int status, string code)
    {
        var spec = await closings.StoreAsync();
        var before = await closings.SidsAsync(spec);
        var fault = closings.Refuse(spec, "PutBucketPolicy", status, code);

        (await Should.ThrowAsync<CloudException>(() => Stores.DenyAsync(spec, closings.Recorded, None))).Problem.Code
            .ShouldBe(code);

        (await Stores.LookAtDenialAsync(spec, None)).IsDenied.ShouldBeFalse();
        (await closings.SidsAsync(spec)).ShouldBe(before);
        local.Admin.RemoveFault(fault);
        await Stores.DenyAsync(spec, closings.Recorded, None);
        await closings.ShouldBeClosedAsync(spec);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_keeper_that_fails_or_never_ends_holds_no_closing_up(bool throws)
    {
        var spec = await closings.StoreAsync();
        await closings.AddAsync(spec, Closings.Foreign(spec, "Theirs", LocalCloudAccounts.WorkloadRole));
        closings.Refuse(spec, "PutBucketPolicy", 400, "MalformedPolicy", count: 1);
        var order = new DenialOrder(IsRecorded: true, Earlier: null,
            (_, _) => throws ? throw new InvalidOperationException("no") : new TaskCompletionSource().Task);

        var outcome = await Stores.DenyAsync(spec, order, None);

        outcome.IsKept.ShouldBeFalse();
        outcome.SetAside!.ShouldContain("Theirs");
        await closings.ShouldBeClosedAsync(spec);
    }

    [Fact]
    public async Task What_a_first_closing_set_aside_is_never_lost_to_a_second()
    {
        var spec = await closings.StoreAsync();
        await closings.AddAsync(spec, Closings.Foreign(spec, "First", LocalCloudAccounts.WorkloadRole));
        closings.Refuse(spec, "PutBucketPolicy", 400, "MalformedPolicy", count: 1);
        await Stores.DenyAsync(spec, closings.Recorded, None);
        await world.Platform.DeleteBucketPolicyAsync(spec.Store.Name);
        await Stores.PrepareAsync(spec, None);
        await closings.AddAsync(spec, Closings.Foreign(spec, "Second", LocalCloudAccounts.WorkloadRole));
        closings.Refuse(spec, "PutBucketPolicy", 400, "MalformedPolicy", count: 1);

        await Stores.DenyAsync(spec, closings.Recorded, None);
        await closings.AddAsync(spec, Closings.Foreign(spec, "Meanwhile", LocalCloudAccounts.WorkloadRole));

        (await Stores.AllowAsync(spec, closings.Kept, None)).ShouldBeEmpty();
        var sids = await closings.SidsAsync(spec);
        sids.ShouldContain("First");
        sids.ShouldContain("Second");
        sids.ShouldContain("Meanwhile");
    }

    [Fact]
    public async Task An_opening_that_breaks_off_leaves_the_store_closed()
    {
        var spec = await closings.StoreAsync();
        var role = closings.NewRole();
        await closings.AddAsync(spec, Closings.Foreign(spec, "Theirs", role),
            Closings.Foreign(spec, "Keeps", LocalCloudAccounts.WorkloadRole));
        local.Admin.DeletePrincipal(role);
        await Stores.DenyAsync(spec, closings.Recorded, None);
        local.Admin.AddFault(
            new FaultRule(new FaultEffect.Fail(500))
            {
                Service = "s3",
                Operation = "PutBucketPolicy",
                Bucket = spec.Store.Name,
                Skip = 3,
            });

        await Should.ThrowAsync<CloudException>(() => Stores.AllowAsync(spec, closings.Kept, None));

        await closings.ShouldBeClosedAsync(spec);
    }
}
