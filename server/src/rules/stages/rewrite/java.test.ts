import { describeRewrites } from '../../../../../test/helpers/describeRewrites.ts';

describeRewrites('Java', {
  offers: {
    'maven and a jar': {
      text: 'FROM ⟦maven:3.9-eclipse-temurin-21⟧\nWORKDIR /app\nCOPY pom.xml .\nRUN mvn dependency:go-offline\nCOPY src ./src\nRUN mvn -B package -DskipTests\nEXPOSE 8080\nENTRYPOINT ["java", "-jar", "target/app.jar"]\n',
      context: {
        'pom.xml':
          '<project><parent><artifactId>x</artifactId></parent><dependencies><dependency><groupId>a</groupId><artifactId>b</artifactId></dependency></dependencies><build><plugins><plugin><artifactId>spring-boot-maven-plugin</artifactId></plugin></plugins></build></project>',
        'src/main/java/A.java': '',
      },
      gives:
        'FROM maven:3.9-eclipse-temurin-21 AS build\nWORKDIR /app\nCOPY pom.xml .\nRUN mvn dependency:go-offline\nCOPY src ./src\nRUN mvn -B package -DskipTests\n\nFROM eclipse-temurin:21-jre\nWORKDIR /app\nCOPY --from=build /app/target/app.jar /app/target/app.jar\nEXPOSE 8080\nUSER 10001:10001\nENTRYPOINT ["java", "-jar", "target/app.jar"]\n',
      title: 'eclipse-temurin:21-jre (as 10001:10001)',
    },
    'a wildcard stays one': {
      text: 'FROM ⟦maven:3.9-eclipse-temurin-21-alpine⟧\nWORKDIR /app\nCOPY . .\nRUN mvn package\nCMD java $JAVA_OPTS -jar target/*.jar\n',
      context: {
        'pom.xml':
          '<project><parent><artifactId>x</artifactId></parent><dependencies><dependency><groupId>a</groupId><artifactId>b</artifactId></dependency></dependencies><build><plugins><plugin><artifactId>spring-boot-maven-plugin</artifactId></plugin></plugins></build></project>',
        'src/main/java/A.java': '',
        'config/app.yml': '',
      },
      gives:
        'FROM maven:3.9-eclipse-temurin-21-alpine AS build\nWORKDIR /app\nCOPY . .\nRUN mvn package\n\nFROM eclipse-temurin:21-jre-alpine\nWORKDIR /app\nCOPY --from=build /app/target/*.jar /app/target/\nCOPY --from=build /app/config /app/config\nUSER 10001:10001\nCMD java $JAVA_OPTS -jar target/*.jar\n',
      title: 'eclipse-temurin:21-jre-alpine (as 10001:10001)',
    },
    'gradle wrapper on a JDK': {
      text: 'FROM ⟦eclipse-temurin:21-jdk⟧\nWORKDIR /app\nCOPY . .\nRUN chmod +x gradlew && ./gradlew bootJar --no-daemon\nENV JAVA_OPTS="-Xmx512m"\nEXPOSE 80\nCMD ["java", "-jar", "build/libs/app.jar"]\n',
      gives:
        'FROM eclipse-temurin:21-jdk AS build\nWORKDIR /app\nCOPY . .\nRUN chmod +x gradlew && ./gradlew bootJar --no-daemon\n\nFROM eclipse-temurin:21-jre\nWORKDIR /app\nCOPY --from=build /app/build/libs/app.jar /app/build/libs/app.jar\nENV JAVA_OPTS="-Xmx512m"\nEXPOSE 80\nUSER 10001:10001\nCMD ["java", "-jar", "build/libs/app.jar"]\n',
      title: 'eclipse-temurin:21-jre (as 10001:10001; assumes that the jar is all it needs; 1 more)',
    },
    'gradle image, a jar that is moved': {
      text: 'FROM ⟦gradle:8-jdk21⟧\nUSER root\nWORKDIR /home/gradle/app\nCOPY . .\nRUN gradle shadowJar --no-daemon && mkdir -p /opt/app && cp build/libs/*-all.jar /opt/app/app.jar\nWORKDIR /opt/app\nCMD ["java", "-jar", "app.jar"]\n',
      gives:
        'FROM gradle:8-jdk21 AS build\nUSER root\nWORKDIR /home/gradle/app\nCOPY . .\nRUN gradle shadowJar --no-daemon && mkdir -p /opt/app && cp build/libs/*-all.jar /opt/app/app.jar\n\nFROM eclipse-temurin:21-jre\nCOPY --from=build /opt/app/app.jar /opt/app/app.jar\nWORKDIR /opt/app\nUSER 10001:10001\nCMD ["java", "-jar", "app.jar"]\n',
      title: 'eclipse-temurin:21-jre (as 10001:10001; assumes that the jar is all it needs)',
    },
    'corretto has a headless image': {
      text: 'FROM ⟦amazoncorretto:21⟧\nWORKDIR /app\nCOPY . .\nRUN ./mvnw package\nCMD ["java", "-jar", "/app/target/app.jar"]\n',
      context: {
        'pom.xml':
          '<project><parent><artifactId>x</artifactId></parent><dependencies><dependency><groupId>a</groupId><artifactId>b</artifactId></dependency></dependencies><build><plugins><plugin><artifactId>spring-boot-maven-plugin</artifactId></plugin></plugins></build></project>',
        'src/main/java/A.java': '',
      },
      gives:
        'FROM amazoncorretto:21 AS build\nWORKDIR /app\nCOPY . .\nRUN ./mvnw package\n\nFROM amazoncorretto:21-headless\nWORKDIR /app\nCOPY --from=build /app/target/app.jar /app/target/app.jar\nUSER 10001:10001\nCMD ["java", "-jar", "/app/target/app.jar"]\n',
      title: 'amazoncorretto:21-headless (as 10001:10001)',
    },
    'installDist of gradle': {
      text: 'FROM ⟦gradle:8-jdk21⟧\nWORKDIR /app\nCOPY . .\nRUN gradle installDist\nCMD ["build/install/app/bin/app"]\n',
      gives:
        'FROM gradle:8-jdk21 AS build\nWORKDIR /app\nCOPY . .\nRUN gradle installDist\n\nFROM eclipse-temurin:21-jre\nWORKDIR /app\nCOPY --from=build /app/build/install/app /app/build/install/app\nUSER 10001:10001\nCMD ["build/install/app/bin/app"]\n',
      title: 'eclipse-temurin:21-jre (as 10001:10001; assumes that the jar is all it needs)',
    },
  },
  declines: {
    'runs from source': {
      text: 'FROM ⟦maven:3.9-eclipse-temurin-21⟧\nWORKDIR /app\nCOPY . .\nRUN mvn package\nCMD ["mvn", "spring-boot:run"]\n',
      reason: 'compiled when the container starts',
    },
    'a thin jar': {
      text: 'FROM ⟦maven:3.9-eclipse-temurin-21⟧\nWORKDIR /app\nCOPY . .\nRUN mvn package\nCMD ["java", "-jar", "target/app.jar"]\n',
      context: {
        'pom.xml':
          '<project><parent><artifactId>x</artifactId></parent><dependencies><dependency><groupId>a</groupId><artifactId>b</artifactId></dependency></dependencies><build><plugins><plugin><artifactId>maven-jar-plugin</artifactId></plugin></plugins></build></project>',
      },
      reason: 'contain its dependencies',
    },
    'a class path': {
      text: 'FROM ⟦maven:3.9-eclipse-temurin-21⟧\nWORKDIR /app\nCOPY . .\nRUN mvn package\nCMD ["java", "-cp", "target/app.jar:target/lib/*", "Main"]\n',
      reason: 'class path',
    },
    'a war': {
      text: 'FROM ⟦maven:3.9-eclipse-temurin-21⟧\nWORKDIR /app\nCOPY . .\nRUN mvn package\nCMD ["java", "-jar", "target/app.war"]\n',
      reason: 'web archive',
    },
    'a jar that the build does not write': {
      text: 'FROM ⟦maven:3.9-eclipse-temurin-21⟧\nWORKDIR /app\nCOPY . .\nRUN mvn package\nCMD ["java", "-jar", "/srv/app.jar"]\n',
      reason: 'does not write it there',
    },
    'a JDK tool at run time': {
      text: 'FROM ⟦eclipse-temurin:21-jdk⟧\nWORKDIR /app\nCOPY . .\nRUN ./mvnw package\nHEALTHCHECK CMD jps | grep app\nCMD ["java", "-jar", "target/app.jar"]\n',
      context: {
        'pom.xml':
          '<project><parent><artifactId>x</artifactId></parent><dependencies><dependency><groupId>a</groupId><artifactId>b</artifactId></dependency></dependencies><build><plugins><plugin><artifactId>spring-boot-maven-plugin</artifactId></plugin></plugins></build></project>',
        'src/main/java/A.java': '',
      },
      reason: 'jps of the JDK is called at run time',
    },
    'a package of the distribution': {
      text: 'FROM ⟦eclipse-temurin:21-jdk⟧\nRUN apt-get update && apt-get install -y fontconfig\nWORKDIR /app\nCOPY . .\nRUN ./mvnw package\nCMD ["java", "-jar", "target/app.jar"]\n',
      context: {
        'pom.xml':
          '<project><parent><artifactId>x</artifactId></parent><dependencies><dependency><groupId>a</groupId><artifactId>b</artifactId></dependency></dependencies><build><plugins><plugin><artifactId>spring-boot-maven-plugin</artifactId></plugin></plugins></build></project>',
        'src/main/java/A.java': '',
      },
      reason: 'may need fontconfig',
    },
    'a volume that root wrote': {
      text: 'FROM ⟦maven:3.9-eclipse-temurin-21⟧\nWORKDIR /app\nVOLUME /data\nCOPY . .\nRUN mvn package\nCMD ["java", "-jar", "target/app.jar"]\n',
      context: {
        'pom.xml':
          '<project><parent><artifactId>x</artifactId></parent><dependencies><dependency><groupId>a</groupId><artifactId>b</artifactId></dependency></dependencies><build><plugins><plugin><artifactId>spring-boot-maven-plugin</artifactId></plugin></plugins></build></project>',
        'src/main/java/A.java': '',
      },
      reason: 'a volume must be writable',
    },
    'a Java agent': {
      text: 'FROM ⟦maven:3.9-eclipse-temurin-21⟧\nENV JAVA_TOOL_OPTIONS=-javaagent:/agent.jar\nWORKDIR /app\nCOPY . .\nRUN mvn package\nCMD ["java", "-jar", "target/app.jar"]\n',
      reason: 'Java agent',
    },
    'an argument decides on the version': {
      text: 'ARG V=21\nFROM ⟦eclipse-temurin:$V-jdk⟧\nWORKDIR /app\nCOPY . .\nRUN ./mvnw package\nCMD ["java", "-jar", "target/app.jar"]\n',
      reason: 'an argument decides',
    },
  },
});
