Console.WriteLine("hello from App");
