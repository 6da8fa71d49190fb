// The `gimbal` command's door to the operating system.
int main() { return 0; }
