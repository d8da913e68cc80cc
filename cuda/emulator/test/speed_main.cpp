void measure_speed();
int main() { measure_speed(); }
