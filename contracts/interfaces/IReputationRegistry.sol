// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title ReputationRegistry
/// @notice ERC-8004's registry of feedback about agents. Anyone may say anything about an agent but who manages it, so
/// whoever reads names the clients that it believes: of the protocol's own entries, {IOutcomes}. Deployed by the protocol
/// only where a chain has no canonical one; functions, events and answers are the standard's.
interface IReputationRegistry {
    event NewFeedback(
        uint256 indexed agentId,
        address indexed clientAddress,
        uint64 feedbackIndex,
        int128 value,
        uint8 valueDecimals,
        string indexed indexedTag1,
        string tag1,
        string tag2,
        string endpoint,
        string feedbackURI,
        bytes32 feedbackHash
    );
    event FeedbackRevoked(uint256 indexed agentId, address indexed clientAddress, uint64 indexed feedbackIndex);
    event ResponseAppended(
        uint256 indexed agentId,
        address indexed clientAddress,
        uint64 feedbackIndex,
        address indexed responder,
        string responseURI,
        bytes32 responseHash
    );

    /// @notice Who manages an agent gives it no feedback.
    error ReputationRegistry_Self(uint256 agentId, address client);
    /// @notice At most 18 decimals, and a value between −10^38 and 10^38.
    error ReputationRegistry_Value(int128 value, uint8 decimals);
    /// @notice This client gave the agent no such feedback.
    error ReputationRegistry_None(uint256 agentId, address client, uint64 feedbackIndex);
    /// @notice It is revoked already.
    error ReputationRegistry_Revoked(uint256 agentId, uint64 feedbackIndex);
    /// @notice A response has a URI.
    error ReputationRegistry_NoURI();
    /// @notice Name the clients to believe.
    error ReputationRegistry_NoClients();

    /// @notice Gives feedback: a value with decimals and what it means, as the tags say. For anyone but who manages the
    /// agent.
    /// @param feedbackHash keccak256 of what the URI leads to
    function giveFeedback(
        uint256 agentId,
        int128 value,
        uint8 valueDecimals,
        string calldata tag1,
        string calldata tag2,
        string calldata endpoint,
        string calldata feedbackURI,
        bytes32 feedbackHash
    ) external;

    /// @notice Takes the caller's own feedback back.
    function revokeFeedback(uint256 agentId, uint64 feedbackIndex) external;

    /// @notice Answers feedback. For anyone.
    function appendResponse(
        uint256 agentId,
        address clientAddress,
        uint64 feedbackIndex,
        string calldata responseURI,
        bytes32 responseHash
    ) external;

    /// @notice The registry that knows the agents.
    function getIdentityRegistry() external view returns (address);

    /// @notice Number and mean of feedback of the named clients, revoked ones left out, in the decimals that most of it
    /// has. Empty tags stand for any.
    function getSummary(
        uint256 agentId,
        address[] calldata clientAddresses,
        string calldata tag1,
        string calldata tag2
    ) external view returns (uint64 count, int128 summaryValue, uint8 summaryValueDecimals);

    /// @notice One client's feedback; the first has index 1.
    function readFeedback(
        uint256 agentId,
        address clientAddress,
        uint64 feedbackIndex
    ) external view returns (int128 value, uint8 valueDecimals, string memory tag1, string memory tag2, bool isRevoked);

    /// @notice All feedback of the named clients, or of all where none is named. Empty tags stand for any.
    function readAllFeedback(
        uint256 agentId,
        address[] calldata clientAddresses,
        string calldata tag1,
        string calldata tag2,
        bool includeRevoked
    )
        external
        view
        returns (
            address[] memory clients,
            uint64[] memory feedbackIndexes,
            int128[] memory values,
            uint8[] memory valueDecimals,
            string[] memory tag1s,
            string[] memory tag2s,
            bool[] memory revokedStatuses
        );

    /// @notice Number of responses: of the named responders, or of all where none is named; to one client's feedback of
    /// that index, to all of its feedback where the index is zero, to everybody's where the client is zero too.
    function getResponseCount(
        uint256 agentId,
        address clientAddress,
        uint64 feedbackIndex,
        address[] calldata responders
    ) external view returns (uint64 count);

    /// @notice Who ever gave an agent feedback.
    function getClients(uint256 agentId) external view returns (address[] memory);

    /// @notice Index of a client's last feedback to an agent; zero where there is none.
    function getLastIndex(uint256 agentId, address clientAddress) external view returns (uint64);
}
