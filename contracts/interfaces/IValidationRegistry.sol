// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title ValidationRegistry
/// @notice ERC-8004's registry of validations: who manages an agent asks a validator about a piece of its work, and that
/// validator alone answers. Deployed by the protocol where a chain has no canonical one; functions and events are the
/// standard's.
interface IValidationRegistry {
    event ValidationRequest(
        address indexed validatorAddress,
        uint256 indexed agentId,
        string requestURI,
        bytes32 indexed requestHash
    );
    event ValidationResponse(
        address indexed validatorAddress,
        uint256 indexed agentId,
        bytes32 indexed requestHash,
        uint8 response,
        string responseURI,
        bytes32 responseHash,
        string tag
    );

    /// @notice The caller does not manage this agent.
    error ValidationRegistry_NotManager(uint256 agentId, address caller);
    /// @notice A request names a validator, and its hash only once.
    error ValidationRegistry_Request(bytes32 requestHash);
    /// @notice There is no such request.
    error ValidationRegistry_Unknown(bytes32 requestHash);
    /// @notice Only `validator` answers this request.
    error ValidationRegistry_NotValidator(address caller, address validator);
    /// @notice A response is at most 100.
    error ValidationRegistry_Response(uint8 response);

    /// @notice Asks a validator. For who manages the agent.
    /// @param requestHash names the request: a commitment to what the URI leads to
    function validationRequest(
        address validatorAddress,
        uint256 agentId,
        string calldata requestURI,
        bytes32 requestHash
    ) external;

    /// @notice Answers a request, or answers it anew. For its validator.
    /// @param response 0 (failed) to 100 (passed)
    function validationResponse(
        bytes32 requestHash,
        uint8 response,
        string calldata responseURI,
        bytes32 responseHash,
        string calldata tag
    ) external;

    /// @notice The registry that knows the agents.
    function getIdentityRegistry() external view returns (address);

    /// @notice A request and its last response.
    function getValidationStatus(
        bytes32 requestHash
    )
        external
        view
        returns (
            address validatorAddress,
            uint256 agentId,
            uint8 response,
            bytes32 responseHash,
            string memory tag,
            uint256 lastUpdate
        );

    /// @notice Number and mean of an agent's answered requests: of the named validators, or of all where none is named.
    /// An empty tag stands for any.
    function getSummary(
        uint256 agentId,
        address[] calldata validatorAddresses,
        string calldata tag
    ) external view returns (uint64 count, uint8 averageResponse);

    /// @notice All requests about an agent.
    function getAgentValidations(uint256 agentId) external view returns (bytes32[] memory);

    /// @notice All requests to a validator.
    function getValidatorRequests(address validatorAddress) external view returns (bytes32[] memory);
}
