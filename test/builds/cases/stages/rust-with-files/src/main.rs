fn main() {
    println!("hello from app");
    print!("{}", include_str!("motto.txt"));
    print!("{}", std::fs::read_to_string("templates/index.txt").unwrap());
}
