using ByokOperator.Api;
using ByokOperator.Entitlements;
using Kube.Core;
using Shouldly;
using Xunit;

namespace ByokOperator.Tests.Tenants;

/// <summary>What a hostile namespace may try to name, and what the platform's word makes of it.</summary>
public sealed class AuthorityTests
{
    private const string Mine = "222222222222";

    private static readonly Tenant Acme = Made("acme", 1, new TenantSpec
    {
        Namespaces = [new() { Name = "acme" }, new() { Name = "acme-sandbox", Instance = "sandbox" }],
        Keys = new()
        {
            AwsAccounts = [Mine],
            AzureDirectories = [Guids.Directory],
            Vaults = ["https://acme.vault.azure.net"],
        },
        Shared = new()
        {
            Aws = [new() { Bucket = "backups", Prefix = "acme/" }],
            Azure = [new() { AccountName = "backups", Container = "acme" }],
        },
        Stores = new()
        {
            AwsRegions = ["eu-west-1"],
            Azure =
                [new() { SubscriptionId = Guids.Subscription, ResourceGroup = "stores", Locations = ["westeurope"] }],
            BucketNames = ["acme-own"],
            AccountNames = ["acmeown"],
        },
        Limits = new() { Keys = 2, Stores = 2, MinProbeInterval = "5s", MaxStaleness = "1h" },
    });

    private static readonly Tenant Evil = Made("evil", 2, new TenantSpec
    {
        Namespaces = [new() { Name = "evil" }],
        Keys = new() { AwsAccounts = ["666666666666"] },
        Shared = new() { Aws = [new() { Bucket = "backups", Prefix = "evil/" }] },
        Stores = new() { AwsRegions = ["eu-west-1"] },
    });

    private static readonly Tenant Unbounded = Made("anybody", 3, Anything("anybody"));

    [Theory]
    [InlineData("backups", "acme/")]
    [InlineData("backups", "acme/db/")]
    [InlineData("backups", "")]
    [InlineData("backups", "/")]
    [InlineData("backups", "evil")]
    [InlineData("backups", "evil-2/")]
    [InlineData("backups", "evil2/")]
    [InlineData("backups", "Evil/")]
    [InlineData("backups", "e")]
    [InlineData("other", "evil/")]
    [InlineData("acme-own", "data/")]
    [InlineData("*", "*")]
    [InlineData("*", "evil/")]
    public void A_shared_place_that_was_not_given_is_refused(string bucket, string prefix) =>
        RefusedOf("evil", Store("evil", bucket, prefix))
            .ShouldContain("spec.shared.aws: this place is not given to this tenant");

    [Theory]
    [InlineData("evil/")]
    [InlineData("evil/deep/er/")]
    public void A_shared_place_within_what_was_given_is_granted(string prefix) =>
        Of(Store("evil", "backups", prefix), Acme, Evil).ShouldBe(new Ruling.Granted("evil"));

    [Fact]
    public void Every_refusal_says_what_the_platform_would_have_to_write() =>
        RefusedOf("evil", Store("evil", "backups", "acme/")).ShouldBe(
            "spec.shared.aws: this place is not given to this tenant: the platform would have to add {bucket: "
                + "backups, prefix: acme/} to spec.shared.aws of Tenant evil");

    [Fact]
    public void No_refusal_names_another_tenant_and_what_stands_reads_like_what_does_not()
    {
        var (taken, unknown) = (RefusedOf("evil", Store("evil", "backups", "acme/")),
            RefusedOf("evil", Store("evil", "backups", "nobody/")));
        taken.ShouldNotContain("Tenant acme");
        taken.Replace("acme/", "nobody/", StringComparison.Ordinal).ShouldBe(unknown);
    }

    [Theory]
    [InlineData("acme/")]
    [InlineData("acme/db/")]
    public void What_somebody_named_is_not_let_in_by_a_star(string prefix)
    {
        var named = Of(Store("anybody", "backups", prefix), Acme, Evil, Unbounded).ShouldBeOfType<Ruling.Refused>();
        named.Reason.ShouldBe("NotGranted");
        named.Message.ShouldNotContain("Tenant acme");
    }

    [Fact]
    public void A_star_lets_in_what_nobody_named() =>
        Of(Store("anybody", "backups", "nobody/"), Acme, Evil, Unbounded).ShouldBe(new Ruling.Granted("anybody"));

    [Fact]
    public void A_star_reaches_no_bucket_that_is_named_as_a_store_of_another() =>
        Of(Store("anybody", "acme-own", "data/"), Acme, Evil, Unbounded).ShouldBeOfType<Ruling.Refused>();

    [Fact]
    public void A_prefix_that_takes_anothers_along_is_refused_even_where_it_was_given()
    {
        var greedy = Made("greedy", 5,
            Anything("greedy") with { Shared = new() { Aws = [new() { Bucket = "backups", Prefix = "*" }] } });
        Of(Store("greedy", "backups", "acme/db/"), Acme, greedy).ShouldBeOfType<Ruling.Refused>();
        var above = Made("above", 5,
            Anything("above") with { Shared = new() { Aws = [new() { Bucket = "deep", Prefix = "a/" }] } });
        var below = Made("below", 1,
            Anything("below") with { Shared = new() { Aws = [new() { Bucket = "deep", Prefix = "a/b/" }] } });
        Of(Store("above", "deep", "a/"), above, below).ShouldBeOfType<Ruling.Refused>();
        Of(Store("above", "deep", "a/c/"), above, below).ShouldBe(new Ruling.Granted("above"));
        Of(Store("below", "deep", "a/b/"), above, below).ShouldBe(new Ruling.Granted("below"));
    }

    [Theory]
    [InlineData("arn:aws:kms:eu-west-1:222222222222:key/1")]
    [InlineData("arn:aws:kms:eu-west-1::key/1")]
    [InlineData("666666666666")]
    [InlineData("")]
    public void A_key_of_an_account_that_was_not_given_is_refused(string arn) =>
        RefusedOf("evil", Key("evil", arn))
            .ShouldContain("spec.awsKms.keys[0].arn: its account is not given to this tenant");

    [Fact]
    public void One_entry_that_was_not_given_refuses_the_whole_key() =>
        RefusedOf("evil",
            Key("evil", "arn:aws:kms:eu-west-1:666666666666:key/1", $"arn:aws:kms:eu-central-1:{Mine}:key/1"))
                .ShouldContain("spec.awsKms.keys[1].arn");

    [Fact]
    public void A_namespace_of_no_tenant_is_given_nothing()
    {
        Of(Key("nobody", $"arn:aws:kms:eu-west-1:{Mine}:key/1"), Acme)
            .ShouldBeOfType<Ruling.Refused>().Reason.ShouldBe("NoTenant");
        Of(Store("nobody", "backups", "acme/"), Acme).ShouldBeOfType<Ruling.Refused>().Reason.ShouldBe("NoTenant");
        Of(Store("", "backups", "acme/"), Acme).ShouldBeOfType<Ruling.Refused>().Reason.ShouldBe("NoTenant");
    }

    [Theory]
    [InlineData("https://acme.vault.azure.net/", Guids.Directory, true)]
    [InlineData("https://ACME.vault.azure.net", "AAAAAAAA-2222-3333-4444-555555555555", true)]
    [InlineData("https://acme.vault.azure.net.evil", Guids.Directory, false)]
    [InlineData("https://acme2.vault.azure.net", Guids.Directory, false)]
    [InlineData("https://acme.vault.azure.net", Guids.Subscription, false)]
    public void A_vault_is_given_by_its_address_and_its_directory(string vault, string directory, bool isGiven)
    {
        var key = Key("acme") with
        {
            Spec = new()
            {
                AzureKeyVault =
                    new() { VaultUri = vault, KeyName = "acme", TenantId = directory, ClientId = Guids.Subscription },
            },
        };
        (Of(key, Acme) is Ruling.Granted).ShouldBe(isGiven);
    }

    [Theory]
    [InlineData("eu-west-1", true)]
    [InlineData("eu-west-2", false)]
    [InlineData("*", false)]
    public void Imported_material_goes_into_regions_where_stores_may_stand(string region, bool isGiven) =>
        (Of(Key("acme") with { Spec = new() { Imported = new() { Aws = new() { Regions = [region] } } } }, Acme)
            is Ruling.Granted).ShouldBe(isGiven);

    [Theory]
    [InlineData("eu-west-1", null, true)]
    [InlineData("eu-west-1", "", true)]
    [InlineData("eu-west-1", "acme-own", true)]
    [InlineData("eu-west-1", "acme-own-2", false)]
    [InlineData("us-east-1", null, false)]
    public void A_store_stands_where_it_may_and_is_called_what_was_given(string region, string? name, bool isGiven)
    {
        var store = Store("acme", "backups", "acme/");
        (Of(store with { Spec = store.Spec with { Aws = new() { Region = region, BucketName = name } } }, Acme)
            is Ruling.Granted).ShouldBe(isGiven);
    }

    [Theory]
    [InlineData(Guids.Subscription, "Stores", "westeurope", null, "backups", "acme", true)]
    [InlineData(Guids.Subscription, "stores", "northeurope", null, "backups", "acme", false)]
    [InlineData(Guids.Subscription, "others", "westeurope", null, "backups", "acme", false)]
    [InlineData(Guids.Directory, "stores", "westeurope", null, "backups", "acme", false)]
    [InlineData(Guids.Subscription, "stores", "westeurope", "acmeown", "backups", "acme", true)]
    [InlineData(Guids.Subscription, "stores", "westeurope", "other", "backups", "acme", false)]
    [InlineData(Guids.Subscription, "stores", "westeurope", null, "backups", "acme2", false)]
    [InlineData(Guids.Subscription, "stores", "westeurope", null, "other", "acme", false)]
    public void On_Azure_group_location_name_and_container_are_given(
        string subscription, string group, string location, string? name, string account, string container,
        bool isGiven)
    {
        var store = Store("acme", "", "") with
        {
            Spec = new()
            {
                Azure = new()
                {
                    SubscriptionId = subscription,
                    ResourceGroup = group,
                    Location = location,
                    AccountName = name,
                },
                Shared = new() { Azure = new() { AccountName = account, Container = container, Prefix = "any/" } },
            },
        };
        (Of(store, Acme) is Ruling.Granted).ShouldBe(isGiven);
    }

    /// <summary>A prefix of it is not all of it; what the platform named without a prefix, or with a star,
    /// is.</summary>
    [Theory]
    [InlineData(null, null, true)]
    [InlineData(null, "any/", true)]
    [InlineData("*", null, true)]
    [InlineData("any/", "any/", true)]
    [InlineData("any/", null, false)]
    public void A_whole_container_is_asked_for_where_it_is_given_whole(string? given, string? asked, bool isGiven)
    {
        var acme = Acme with
        {
            Spec = Acme.Spec with
            {
                Shared = new() { Azure = [new() { AccountName = "backups", Container = "acme", Prefix = given }] },
            },
        };
        var store = Store("acme", "", "") with
        {
            Spec = new()
            {
                Azure =
                    new() { SubscriptionId = Guids.Subscription, ResourceGroup = "stores", Location = "westeurope" },
                Shared = new() { Azure = new() { AccountName = "backups", Container = "acme", Prefix = asked } },
            },
        };
        (Of(store, acme) is Ruling.Granted).ShouldBe(isGiven);
    }

    /// <summary>Whatever the rules of its fields say.</summary>
    [Fact]
    public void No_bucket_is_given_whole()
    {
        var acme = Acme with
        {
            Spec = Acme.Spec with { Shared = new() { Aws = [new() { Bucket = "backups", Prefix = "*" }] } },
        };
        (Of(Store("acme", "backups", "a/"), acme) is Ruling.Granted).ShouldBeTrue();
        (Of(Store("acme", "backups", ""), acme) is Ruling.Granted).ShouldBeFalse();
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(1, true)]
    [InlineData(2, false)]
    [InlineData(50_000, false)]
    public void The_oldest_are_within_the_limit(int older, bool isGiven)
    {
        var (store, key) = (Store("acme", "backups", "acme/"), Key("acme", $"arn:aws:kms:eu-west-1:{Mine}:key/1"));
        var authority = Authority.Of([Acme]);
        (authority.Judge(store, older) is Ruling.Granted).ShouldBe(isGiven);
        (authority.Judge(key, older) is Ruling.Granted).ShouldBe(isGiven);
    }

    [Fact]
    public void Names_at_their_length_limits_are_told_apart()
    {
        var (name, prefix) = (new string('a', 63), new string('p', 255) + "/");
        var spec = new TenantSpec
        {
            Namespaces = [new() { Name = name }],
            Shared = new() { Aws = [new() { Bucket = name, Prefix = prefix }] },
            Stores = new() { AwsRegions = ["eu-west-1"], BucketNames = [name[..62] + "b"] },
        };
        var long1 = Made(name, 1, spec);
        TenantRules.Check(long1).ShouldBeEmpty();
        var store = Store(name, name, prefix);
        Of(
            store with
            {
                Spec = store.Spec with { Aws = new() { Region = "eu-west-1", BucketName = name[..62] + "b" } },
            }, long1).ShouldBe(new Ruling.Granted(name));
        Of(Store(name, name, new string('p', 254) + "/"), long1)
            .ShouldBeOfType<Ruling.Refused>().Reason.ShouldBe("NotGranted");
        Of(store with { Metadata = store.Metadata with { Namespace = name[..62] } }, long1)
            .ShouldBeOfType<Ruling.Refused>().Reason.ShouldBe("NoTenant");
    }

    [Fact]
    public void Of_several_tenants_the_oldest_has_a_namespace_and_of_equally_old_ones_the_first_by_name()
    {
        var (later, first) = (Made("later", 2, Anything("acme")), Made("zzz", 1, Anything("acme")));
        Authority.Of([later, first]).TenantOf("acme")!.Metadata.Name.ShouldBe("zzz");
        Authority.Of([first, later, Made("b", 0, Anything("acme")), Made("a", 0, Anything("acme"))])
            .TenantOf("acme")!.Metadata.Name.ShouldBe("a");
    }

    [Fact]
    public void A_tenant_that_is_being_deleted_has_nothing() =>
        Authority.Of([Acme with { Metadata = Acme.Metadata with { DeletionTimestamp = DateTimeOffset.UnixEpoch } }])
            .TenantOf("acme").ShouldBeNull();

    [Theory]
    [InlineData("acme")]
    [InlineData("")]
    public void A_tenant_that_breaks_a_rule_gives_nothing_and_keeps_what_it_names(string prefix)
    {
        var broken = Acme with
        {
            Spec = Acme.Spec with { Shared = new() { Aws = [new() { Bucket = "backups", Prefix = prefix }] } },
        };
        Of(Store("acme", "backups", "acme-2/"), broken)
            .ShouldBeOfType<Ruling.Refused>().Message.ShouldContain("has to mend Tenant acme");
        Of(Store("anybody", "backups", "acme/"), broken, Unbounded).ShouldBeOfType<Ruling.Refused>();
        Authority.Of([broken, Evil]).TenantOf("acme")!.Metadata.Name.ShouldBe("acme");
    }

    [Fact]
    public void A_tenant_that_gives_nothing_gives_nothing() =>
        Of(Store("bare", "backups", "bare/"), Made("bare", 1, new() { Namespaces = [new() { Name = "bare" }] }))
            .ShouldBeOfType<Ruling.Refused>()
            .Message.Split("; ").Length.ShouldBe(2);

    [Fact]
    public void Overlaps_are_told_on_both()
    {
        var second = Made("second", 9, new TenantSpec
        {
            Namespaces = [new() { Name = "acme" }],
            Shared = new() { Aws = [new() { Bucket = "backups", Prefix = "acme/db/" }] },
            Stores = new() { DataPrincipals = new() { Aws = "arn:aws:iam::111111111111:role/data" } },
        });
        var first = Acme with
        {
            Spec = Acme.Spec with
            {
                Stores =
                    Acme.Spec.Stores with { DataPrincipals = new() { Aws = "arn:aws:iam::111111111111:role/data" } },
            },
        };
        var authority = Authority.Of([second, first, Evil, Unbounded]);
        authority.OverlapsOf(first).ShouldBe(
        [
            "spec.namespaces: namespace acme is also in Tenant second, which is newer and does not get it: take it "
                + "away in one of them",
            "spec.shared.aws: bucket backups acme/ overlaps bucket backups acme/db/, which is also in Tenant second, "
                + "which is newer and does not get it: take it away in one of them",
            "spec.stores.dataPrincipals: principal arn:aws:iam::111111111111:role/data is also in Tenant second, "
                + "which is newer and does not get it: take it away in one of them",
        ]);
        authority.OverlapsOf(second).Count.ShouldBe(3);
        authority.OverlapsOf(second)
            .ShouldAllBe(told => told.Contains("Tenant acme, which is older and has it", StringComparison.Ordinal));
        authority.OverlapsOf(Evil).ShouldBeEmpty();
        authority.OverlapsOf(Unbounded).ShouldBeEmpty();
    }

    [Fact]
    public void A_change_concerns_whoever_names_the_same_or_anything() =>
        Authority.Of([Acme, Evil, Unbounded, Made("second", 9, new() { Namespaces = [new() { Name = "acme" }] })])
            .TouchedBy(Acme)
            .Select(tenant => tenant.Metadata.Name).ShouldBe(["anybody", "second"], ignoreOrder: true);

    [Fact]
    public void The_order_in_which_tenants_come_changes_nothing()
    {
        Tenant[] tenants = [Acme, Evil, Unbounded, Made("second", 9, Acme.Spec)];
        EncryptedStore[] stores = [Store("acme", "backups", "acme/"), Store("evil", "backups", "acme/"),
            Store("anybody", "x", "y/"), Store("acme-sandbox", "backups", "acme/q/")];
        foreach (var store in stores)
        {
            Of(store, [.. tenants.Reverse()]).ShouldBe(Of(store, tenants));
        }
    }

    private static string RefusedOf(string tenant, EncryptedStore store) => RefusedOf(tenant, Of(store, Acme, Evil));

    private static string RefusedOf(string tenant, TenantEncryptionKey key) => RefusedOf(tenant, Of(key, Acme, Evil));

    private static string RefusedOf(string tenant, Ruling ruling)
    {
        var refused = ruling.ShouldBeOfType<Ruling.Refused>();
        refused.Reason.ShouldBe("NotGranted");
        refused.Message.ShouldEndWith($"of Tenant {tenant}");
        return refused.Message;
    }

    private static Ruling Of(EncryptedStore store, params Tenant[] tenants) => Authority.Of(tenants).Judge(store, 0);

    private static Ruling Of(TenantEncryptionKey key, params Tenant[] tenants) => Authority.Of(tenants).Judge(key, 0);

    private static Tenant Made(string name, int age, TenantSpec spec) =>
        new()
        {
            Metadata = new ObjectMeta { Name = name, CreationTimestamp = DateTimeOffset.UnixEpoch.AddDays(age) },
            Spec = spec,
        };

    private static TenantSpec Anything(string ns) => new()
    {
        Namespaces = [new() { Name = ns }],
        Keys = new() { AwsAccounts = ["*"], AzureDirectories = ["*"], Vaults = ["*"] },
        Shared = new()
        {
            Aws = [new() { Bucket = "*", Prefix = "*" }],
            Azure = [new() { AccountName = "*", Container = "*", Prefix = "*" }],
        },
        Stores = new()
        {
            AwsRegions = ["*"],
            Azure = [new() { SubscriptionId = "*", ResourceGroup = "*", Locations = ["*"] }],
            BucketNames = ["*"],
            AccountNames = ["*"],
        },
    };

    private static EncryptedStore Store(string ns, string bucket, string prefix) => new()
    {
        Metadata = new ObjectMeta { Name = "store", Namespace = ns },
        Spec = new()
        {
            KeyRef = new() { Name = "key" },
            Aws = new() { Region = "eu-west-1" },
            Shared = new() { Aws = new() { Bucket = bucket, Prefix = prefix } },
        },
    };

    private static TenantEncryptionKey Key(string ns, params string[] arns) => new()
    {
        Metadata = new ObjectMeta { Name = "key", Namespace = ns },
        Spec = new()
        {
            AwsKms = new() { Keys = [.. arns.Select(arn => new AwsKmsKey { Region = "eu-west-1", Arn = arn })] },
        },
    };

    private static class Guids
    {
        public const string Directory = "aaaaaaaa-2222-3333-4444-555555555555";
        public const string Subscription = "bbbbbbbb-2222-3333-4444-555555555555";
    }
}
