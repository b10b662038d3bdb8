Console.Error.WriteLine("byok-operator: no verb given; try --help");
return 2;
