using ByokOperator.Api;
using ByokOperator.Overview;
using Kube.Core;
using Shouldly;
using Xunit;

namespace ByokOperator.Tests.Overview;

/// <summary>What a person sees of tenants, keys and stores.</summary>
public sealed class StatusTreeTests
{
    private const string Arn = "arn:aws:kms:eu-west-1:222222222222:key/1234abcd-12ab-34cd-56ef-1234567890ab";

    private static readonly DateTimeOffset now = new(2026, 5, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void All_that_stands_hangs_under_whose_it_is()
    {
        var acme = new Tenant
        {
            Metadata = new() { Name = "acme" },
            Spec = new() { Namespaces = [new() { Name = "acme" }, new() { Name = "acme-test" }] },
            Status = new() { Conditions = [Ready()], Uncovered = ["shared/acme-eu/"] },
        };
        var text = Shown([acme], [Key("acme", "main", Ready()), Key("stray", "k", Ready())],
            [Store("acme", "backups", "main", Ready()), Store("acme", "lost", "gone", Ready())]);
        text.ShouldBe("""
            tenant acme
            ├─ not covered by any store: shared/acme-eu/
            └─ namespace acme
               ├─ key main: Active, Usable
               │  └─ store backups: Open
               └─ key gone: there is none
                  └─ store lost: Open
            no tenant
            └─ namespace stray
               └─ key k: Active, Usable

            """);
        Shown(null, [Key("acme", "main", Ready())], [])
            .ShouldStartWith("namespace acme\n", Case.Sensitive, "who may not read Tenants sees the rest");
    }

    [Fact]
    public void What_is_not_well_says_why_since_when_and_what_helps()
    {
        var key = Key("acme", "main", Not("KeyDisabled", "eu-west-1: the key is disabled"), Stalled("KeyDisabled"));
        key = key with
        {
            Status = key.Status! with
            {
                Verdict = "Revoked",
                RevokedSince = now.AddMinutes(-5),
                Keys = [new() { Region = "eu-west-1", Id = Arn }],
            },
        };
        var store = Store("acme", "backups", "main", Not("KeyDisabled", ""));
        store = store with
        {
            Status = store.Status! with
            {
                Availability = "Closed",
                ClosedSince = now.AddHours(-3),
                ClosedReason = "KeyDisabled",
            },
        };
        var text = Shown(null, [key], [store]);
        text.ShouldContain("key main: Active, Revoked since 5 min\n");
        text.ShouldContain("KeyDisabled: eu-west-1: the key is disabled\n");
        text.ShouldContain($"→ the tenant: aws kms enable-key --region eu-west-1 --key-id {Arn}\n");
        text.ShouldContain("store backups: Closed since 3 h (KeyDisabled)\n");
    }

    [Fact]
    public void A_move_shows_how_far_it_is_until_it_is_done()
    {
        var store = Store("acme", "backups", "main", Not("CopyRunning", "2 of 4 shards"));
        store = store with
        {
            Status = store.Status! with
            {
                Availability = null,
                Migration = new() { ObjectsTotal = 400, ObjectsCopied = 100 },
            },
        };
        Shown(null, [], [store])
            .ShouldContain("store backups: not opened yet  [#####---------------] 100/400 objects moved\n");
        var estimated = store with
        {
            Status =
                store.Status! with { Migration = store.Status.Migration! with { EstimatedFinish = now.AddHours(2) } },
        };
        Shown(null, [], [estimated]).ShouldContain("100/400 objects moved, done about 2026-05-01 14:00 UTC\n");
        store = store with
        {
            Status = store.Status! with { Migration = store.Status.Migration! with { FinishedAt = now } },
        };
        Shown(null, [], [store]).ShouldNotContain("moved");
    }

    [Fact]
    public void Colours_are_for_terminals_and_words_of_others_stay_words()
    {
        var key = Key("acme", "main", Not("AccessDenied", "no\u001b[2J\nno"));
        Node.Render(Tree(null, [key], []), colours: true)
            .ShouldContain("\u001b[31mAccessDenied: no\\u001b[2J no\u001b[0m");
        Node.Render(Tree(null, [key], []), colours: false).ShouldNotContain('\u001b');
    }

    /// <summary>The guides go on beneath it, and each line has its colour.</summary>
    [Fact]
    public void What_is_longer_than_the_terminal_is_wide_goes_on_beneath_its_own_words()
    {
        var tree = new Node("key main: Active").With(
            [new Node("KeyDisabled: the key in eu-west-1 is disabled", Mood.Bad).With([new Node("a")]),
                new Node("AVeryLongNameWithoutASpaceInIt", Mood.Plain)]);
        Node.Render([tree], colours: false, columns: 26).ShouldBe("""
            key main: Active
            ├─ KeyDisabled: the key in
            │  │  eu-west-1 is
            │  │  disabled
            │  └─ a
            └─ AVeryLongNameWithoutASp
                  aceInIt

            """);
        Node.Render([tree], colours: true, columns: 26).ShouldContain("│  │  \u001b[31mdisabled\u001b[0m\n");
    }

    /// <summary>Otherwise what is copied has line ends in it.</summary>
    [Fact]
    public void A_command_is_never_broken()
    {
        var command = $"aws kms enable-key --region eu-west-1 --key-id {Arn}";
        Node.Render([new Node("key").With([Node.Command(command)])], colours: false, columns: 30)
            .ShouldBe($"key\n└─ → {command}\n");
    }

    [Fact]
    public void A_name_is_about_a_key_with_its_stores_or_a_store_with_its_key()
    {
        TenantEncryptionKey[] keys = [Key("acme", "main", Ready()), Key("acme", "other", Ready())];
        EncryptedStore[] stores = [Store("acme", "backups", "main", Ready()), Store("acme", "logs", "main", Ready()),
            Store("acme", "main", "other", Ready())];
        Named("logs").ShouldBe("main / logs");
        Named("main").ShouldBe("main other / backups logs main");
        Named("other").ShouldBe("other / main");
        Named("nobody").ShouldBe(" / ");

        string Named(string name)
        {
            var (belongingKeys, belongingStores) = StatusTree.Belonging(name, keys, stores);
            return $"{string.Join(' ', belongingKeys.Select(key => key.Metadata.Name))} / "
                + $"{string.Join(' ', belongingStores.Select(store => store.Metadata.Name))}";
        }
    }

    [Theory]
    [InlineData("AccessDenied", false,
        "the tenant applies what this prints: kubectl -n acme get configmap main-policy -o yaml")]
    [InlineData("RevokedByTenant", false, "who owns the key: byok-operator return acme/main")]
    [InlineData("Paused", false, "kubectl -n acme annotate tek main byok.dev/paused-")]
    [InlineData("NoRights", true, null)]
    [InlineData("CopyRunning", false, null)]
    [InlineData("KeyDisabled", true, "kubectl -n acme describe tek main")]
    public void The_command_that_helps_is_named_where_one_does(string reason, bool isStalled, string? step) =>
        NextStep.For(new Subject(Subject.OfKey, new ObjectKey("acme", "main"), TenantsKey: null), reason, isStalled)
            .ShouldBe(step);

    private static string Shown(
        IReadOnlyList<Tenant>? tenants, IReadOnlyList<TenantEncryptionKey> keys,
        IReadOnlyList<EncryptedStore> stores) =>
        Node.Render(Tree(tenants, keys, stores), colours: false);

    private static IReadOnlyList<Node> Tree(
        IReadOnlyList<Tenant>? tenants, IReadOnlyList<TenantEncryptionKey> keys,
        IReadOnlyList<EncryptedStore> stores) =>
        new StatusTree(tenants, keys, stores, now).Build();

    private static TenantEncryptionKey Key(string ns, string name, params Condition[] conditions) => new()
    {
        Metadata = new() { Namespace = ns, Name = name }, Spec = new() { State = "Active" },
        Status = new() { Verdict = "Usable", Conditions = conditions },
    };

    private static EncryptedStore Store(string ns, string name, string key, params Condition[] conditions) => new()
    {
        Metadata = new() { Namespace = ns, Name = name }, Spec = new() { KeyRef = new() { Name = key } },
        Status = new() { Availability = "Open", Conditions = conditions },
    };

    private static Condition Ready() => new() { Type = "Ready", Status = "True", Reason = "Ready" };

    private static Condition Not(string reason, string message) =>
        new() { Type = "Ready", Status = "False", Reason = reason, Message = message };

    private static Condition Stalled(string reason) => new() { Type = "Stalled", Status = "True", Reason = reason };
}
